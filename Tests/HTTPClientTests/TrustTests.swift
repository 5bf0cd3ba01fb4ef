import Foundation
import HTTPClient
import TestSupport
import Testing

@Suite("Where requests may go")
struct TrustTests {
    let client = HTTPClient()

    @Test(
        "plain HTTP goes to this machine only",
        arguments: [
            "http://example.com/", "http://127.0.0.1.example.com/", "http://127.evil.example/", "http://0.0.0.0/",
            "http://localhost.example.com/", "http://[::2]/", "HTTP://10.0.0.1/",
        ]
    )
    func insecure(url: String) async throws {
        let error = await failure(self.client, HTTPRequest(url: url))
        #expect(error?.code == .insecure)
        #expect(error?.bytesSent == false)
    }

    @Test(
        "what is no plain HTTP URL is refused",
        arguments: [
            "", "nonsense", "ftp://127.0.0.1/", "file:///etc/passwd", "https://user:word@example.com/", "https://",
            "http://user@localhost/",
        ]
    )
    func invalid(url: String) async throws {
        #expect(await failure(self.client, HTTPRequest(url: url))?.code == .invalidRequest)
    }

    @Test("a header can't smuggle a line in", arguments: ["a\r\nX-Evil: 1", "a\nb", "a\0b"])
    func headerInjection(value: String) async throws {
        let request = HTTPRequest(url: "http://127.0.0.1:1/", headers: [("X-Header", value)])
        #expect(await failure(self.client, request)?.code == .invalidRequest)
    }

    @Test("no error tells the URL, the headers or the body")
    func silence() async throws {
        let request = HTTPRequest(
            url: "http://127.0.0.1:1/secret-path",
            headers: [("Authorization", "secret-token")],
            body: Array("secret-body".utf8)
        )
        let error = await failure(self.client, request)
        #expect(error?.description.contains("secret") == false)
    }

    @Test("a certificate of an unknown authority is refused before anything is sent; of a given one it serves")
    func certificate() async throws {
        let folder = try TemporaryFolder()
        let files = (certificate: folder.file("certificate.pem"), key: folder.file("key.pem"))
        try await makeCertificate(files, host: "localhost")
        let server = try await LocalServer(certificate: files)
        let request = HTTPRequest(url: server.url("/echo", host: "localhost"), body: [1])

        let distrusted = await failure(self.client, request)
        #expect(distrusted?.code == .certificate)
        #expect(distrusted?.bytesSent == false)

        let trusting = HTTPClient(HTTPClientConfiguration(certificateAuthorities: files.certificate))
        #expect(try await trusting.send(request).status == 200)
        let otherName = HTTPRequest(url: server.url("/echo"), body: [1])
        #expect(await failure(trusting, otherName)?.code == .certificate)
    }

    @Test("a server without TLS under an https URL gets nothing")
    func noTLS() async throws {
        let server = try await LocalServer()
        let request = HTTPRequest(url: "https://127.0.0.1:\(server.port)/echo", body: [1])
        let error = await failure(self.client, request)
        #expect(error?.code == .tls)
        #expect(error?.bytesSent == false)
    }

    @Test("the environment's proxy serves other machines, never this one")
    func proxy() async throws {
        // In a process of its own, since the environment is everybody's.
        await #expect(processExitsWith: .success) {
            let server = try await LocalServer()
            unsafe setenv("https_proxy", "http://127.0.0.1:\(server.port)", 1)
            unsafe setenv("http_proxy", "http://127.0.0.1:1", 1)
            unsafe unsetenv("no_proxy")
            unsafe unsetenv("NO_PROXY")
            let client = HTTPClient()
            let local = try await client.send(HTTPRequest(url: server.url("/echo"), body: [1]))
            let error = await failure(client, HTTPRequest(url: "https://api.example/v2", body: [1]))
            let targets = try await server.log(client).map(\.target)
            let isAsExpected =
                local.status == 200 && targets == ["/echo", "api.example:443"] && error?.bytesSent == false
            exit(isAsExpected ? 0 : 1)
        }
    }
}
