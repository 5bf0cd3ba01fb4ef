import Foundation
import HTTPClient
import Testing

@Suite("Requests and answers")
struct ExchangeTests {
    let server: LocalServer
    let client = HTTPClient()

    init() async throws { self.server = try await LocalServer() }

    @Test("a body comes back whole, with status and headers", arguments: [0, 1, 65_536, 5_000_000])
    func echo(size: Int) async throws {
        let body = [UInt8]((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let response = try await self.client.send(HTTPRequest(url: self.server.url("/echo"), body: body))
        #expect(response.status == 200)
        #expect(response.body == body)
        #expect(response.header("x-answer") == "Yes")
        #expect(response.headers.filter { $0.name == "x-twice" }.map(\.value) == ["first", "second"])
    }

    @Test("headers are sent as given, and the server is not asked whether it takes the body")
    func headers() async throws {
        var request = self.server.request("/headers", body: String(repeating: "x", count: 2 << 20))
        request.headers = [("Idempotency-Key", "k-1"), ("X-Empty", "")]
        let response = try await self.client.send(request)
        let headers = try JSONDecoder().decode([String: String].self, from: Data(response.body))
        #expect(headers["idempotency-key"] == "k-1")
        #expect(headers["x-empty"] == "")
        #expect(headers["expect"] == nil)
        #expect(headers["content-length"] == String(2 << 20))
    }

    @Test("requests after one another share a connection")
    func keepAlive() async throws {
        for _ in 0..<20 { _ = try await self.client.send(self.server.request("/echo")) }
        let connections = Set(try await self.server.log(self.client).map(\.connection))
        #expect(connections.count == 1)
    }

    @Test("requests at once are all answered, each with its own answer")
    func concurrent() async throws {
        let (client, server) = (self.client, self.server)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let response = try await client.send(server.request("/echo", body: "request \(number)"))
                    return response.body == Array("request \(number)".utf8)
                }
            }
            for try await isOwn in group { #expect(isOwn) }
        }
    }

    @Test("an answer of any status is an answer", arguments: [204, 302, 400, 401, 409, 429, 500, 502, 504])
    func status(status: Int) async throws {
        #expect(try await self.client.send(self.server.request("/status/\(status)")).status == status)
    }

    @Test("a redirect is not followed")
    func redirect() async throws {
        let response = try await self.client.send(self.server.request("/redirect"))
        #expect(response.status == 302)
        #expect(try await self.server.log(self.client).map(\.target) == ["/redirect"])
    }

    @Test("headers of an interim answer are not those of the answer")
    func interim() async throws {
        let response = try await self.client.send(self.server.request("/continue"))
        #expect(response.status == 200)
        #expect(response.header("x-early") == nil)
        #expect(response.body == Array("real".utf8))
    }

    @Test("a kept connection that the server closed meanwhile is replaced")
    func closedMeanwhile() async throws {
        _ = try await self.client.send(self.server.request("/closing"))
        try await Task.sleep(for: .milliseconds(100))
        #expect(try await self.client.send(self.server.request("/echo")).status == 200)
    }
}
