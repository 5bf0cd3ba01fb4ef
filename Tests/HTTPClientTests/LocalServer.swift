import Foundation
import HTTPClient
import TestSupport
import Testing

/// The server of `server.py` or `http2.py`, killed when the test no longer holds it.
final class LocalServer: Sendable {
    struct Entry: Decodable, Hashable {
        let connection: Int
        let method: String
        let target: String
        let body: Int
    }

    let port: Int
    private let scheme: String
    private let program: Program

    /// Starts the server; with TLS when given a certificate and its key as PEM files.
    init(_ script: String = "server.py", certificate: (certificate: String, key: String)? = nil) async throws {
        let program = try Program(
            URL(fileURLWithPath: Project.python),
            [Project.path("Tests/HTTPClientTests/" + script)] + (certificate.map { [$0.certificate, $0.key] } ?? [])
        )
        while !program.output.hasSuffix("\n"), program.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        self.port = try #require(Int(program.output.dropLast()), "the server did not start: \(program.error)")
        self.scheme = certificate == nil ? "http" : "https"
        self.program = program
    }

    func url(_ path: String, host: String = "127.0.0.1") -> String { "\(self.scheme)://\(host):\(self.port)\(path)" }

    func request(_ path: String, body: String = "body", timeout: Duration = .seconds(20)) -> HTTPRequest {
        HTTPRequest(url: self.url(path), body: Array(body.utf8), timeout: timeout)
    }

    /// The requests that came in, in order.
    func log(_ client: HTTPClient) async throws -> [Entry] {
        let response = try await client.send(HTTPRequest(method: .get, url: self.url("/log")))
        return try JSONDecoder().decode([Entry].self, from: Data(response.body))
    }
}

/// What sending the request fails with; an issue when it does not.
func failure(_ client: HTTPClient, _ request: HTTPRequest) async -> HTTPError? {
    do throws(HTTPError) {
        let response = try await client.send(request)
        Issue.record("an answer of status \(response.status) came")
        return nil
    } catch {
        return error
    }
}
