import HTTPClient
import Testing

@Suite("Requests without an answer")
struct LossTests {
    let server: LocalServer
    let client = HTTPClient()

    init() async throws { self.server = try await LocalServer() }

    @Test(
        "an answer that breaks off is lost, and the request may have been carried out",
        arguments: ["/cut", "/reset", "/garbage"]
    )
    func broken(path: String) async throws {
        let error = await failure(self.client, self.server.request(path))
        #expect(error?.code == .transfer)
        #expect(error?.bytesSent == true)
    }

    @Test(
        "no answer in time is a time-out, and the request may have been carried out",
        arguments: ["/silent", "/drip"]
    )
    func timeout(path: String) async throws {
        let error = await failure(self.client, self.server.request(path, timeout: .milliseconds(300)))
        #expect(error?.code == .timeout)
        #expect(error?.bytesSent == true)
    }

    @Test("a request that waits for a connection keeps its time-out, and is known not to be sent")
    func timeoutInQueue() async throws {
        let narrow = HTTPClient(HTTPClientConfiguration(connectionsPerHost: 1))
        let (server, first) = (self.server, self.server.request("/delay/1500"))
        async let slow = narrow.send(first)
        while try await server.log(self.client).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        let error = await failure(narrow, server.request("/echo", timeout: .milliseconds(200)))
        #expect(error?.code == .timeout)
        #expect(error?.bytesSent == false)
        #expect(try await slow.status == 200)
        #expect(try await server.log(self.client).map(\.target) == ["/delay/1500"])
    }

    @Test(
        "an answer over the size bound is broken off",
        arguments: ["/huge/200000", "/chunked/200000", "/bomb/200000"]
    )
    func tooLarge(path: String) async throws {
        var request = self.server.request(path)
        request.maximumResponseBytes = 100_000
        let error = await failure(self.client, request)
        #expect(error?.code == .tooLarge)
        #expect(error?.bytesSent == true)
        request.maximumResponseBytes = 200_000
        #expect(try await self.client.send(request).body.count == 200_000)
    }

    @Test("headers without end are broken off")
    func headerFlood() async throws {
        let error = await failure(self.client, self.server.request("/headerflood/1000"))
        #expect(error?.code == .tooLarge)
    }

    @Test("a request whose kept connection dies is not sent again by itself")
    func notRepeated() async throws {
        _ = try await self.client.send(self.server.request("/dying"))
        let error = await failure(self.client, self.server.request("/dying"))
        #expect(error?.bytesSent == true)
        #expect(error?.message == "The connection was lost before an answer came.")
        #expect(try await self.server.log(self.client).count == 2)
    }

    @Test("a request that may be repeated outlives the death of its kept connection")
    func repeated() async throws {
        _ = try await self.client.send(self.server.request("/dying"))
        var request = self.server.request("/dying")
        request.isRepeatable = true
        #expect(try await self.client.send(request).body == Array("alive".utf8))
        #expect(try await self.server.log(self.client).map(\.connection) == [1, 1, 2])
    }

    @Test("a refused connection proves that nothing was sent")
    func refused() async throws {
        // Port 1 of the own machine: nobody listens there.
        let error = await failure(self.client, HTTPRequest(url: "http://127.0.0.1:1/", body: [1]))
        #expect(error?.code == .connect)
        #expect(error?.bytesSent == false)
    }
}
