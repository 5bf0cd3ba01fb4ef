import Foundation
import HTTPClient
import TestSupport
import Testing

@Suite("HTTP/2")
struct HTTP2Tests {
    private struct Told: Decodable {
        let version: String
        let client: Int
        let body: Int
    }

    let folder: TemporaryFolder
    let server: LocalServer
    let client: HTTPClient

    init() async throws {
        self.folder = try TemporaryFolder()
        let files = (certificate: self.folder.file("certificate.pem"), key: self.folder.file("key.pem"))
        try await makeCertificate(files, host: "localhost")
        self.server = try await LocalServer("http2.py", certificate: files)
        self.client = HTTPClient(HTTPClientConfiguration(certificateAuthorities: files.certificate))
    }

    private func send(_ path: String, body: Int = 4) async throws(HTTPError) -> HTTPResponse {
        try await self.client.send(
            HTTPRequest(
                url: self.server.url(path, host: "localhost"),
                body: Array(repeating: 120, count: body),
                timeout: .seconds(30)
            )
        )
    }

    private func told(_ response: HTTPResponse) throws -> Told {
        try JSONDecoder().decode(Told.self, from: Data(response.body))
    }

    @Test func `many requests at once share one connection, each with its own answer`() async throws {
        let answers = try await withThrowingTaskGroup(of: (Int, Told).self) { group in
            for size in 1...100 { group.addTask { (size, try self.told(try await self.send("/echo", body: size))) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 100)
        #expect(answers.allSatisfy { size, told in told.version == "2" && told.body == size })
        #expect(Set(answers.map { $0.1.client }).count == 1)
    }

    @Test func `a request that is given up leaves the others of its connection alone`() async throws {
        let first = try self.told(try await self.send("/echo"))
        let slow = Task { try await self.send("/delay/20000") }
        async let other = self.send("/delay/500")
        try await Task.sleep(for: .milliseconds(200))
        slow.cancel()
        await #expect(throws: (any Error).self) { try await slow.value }
        #expect(try self.told(try await other).client == first.client)
        #expect(try self.told(try await self.send("/echo", body: 1 << 20)).body == 1 << 20)
    }

    @Test func `an answer that breaks off is a lost one, not a short one`() async throws {
        do throws(HTTPError) {
            let response = try await self.send("/cut")
            Issue.record("an answer of \(response.body.count) bytes came")
        } catch {
            #expect(error.bytesSent)
        }
        #expect(try self.told(try await self.send("/echo")).version == "2")
    }
}
