import HTTPClient
import Testing

@Suite("Breaking off")
struct CancellationTests {
    let server: LocalServer
    let client = HTTPClient()

    init() async throws { self.server = try await LocalServer() }

    /// Waits until the server has a request.
    private func untilSent() async throws {
        let other = HTTPClient()
        while try await self.server.log(other).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test("cancelling the task breaks the transfer off, and the request may have been carried out")
    func cancel() async throws {
        let (client, request) = (self.client, self.server.request("/silent"))
        let task = Task { await failure(client, request) }
        try await self.untilSent()
        task.cancel()
        let error = await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.bytesSent == true)
        #expect(try await self.client.send(self.server.request("/echo")).status == 200)
    }

    @Test("a task that is cancelled already sends nothing")
    func cancelledBefore() async throws {
        let (client, request) = (self.client, self.server.request("/echo"))
        let task = Task {
            try? await Task.sleep(for: .seconds(60))
            return await failure(client, request)
        }
        task.cancel()
        let error = await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.bytesSent == false)
        #expect(try await self.server.log(self.client).isEmpty)
    }

    @Test("many requests cancelled at random moments all end, and the client works on")
    func cancelStorm() async throws {
        let (client, server) = (self.client, self.server)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let task = Task { try? await client.send(server.request("/delay/20")) }
                    try? await Task.sleep(for: .microseconds(number * 113 % 25_000))
                    task.cancel()
                    _ = await task.value
                }
            }
        }
        #expect(try await client.send(server.request("/echo")).status == 200)
    }

    @Test("a request after the shutdown fails at once")
    func afterShutdown() async throws {
        await self.client.shutdown()
        let error = await failure(self.client, self.server.request("/echo"))
        #expect(error?.code == .closed)
        #expect(error?.bytesSent == false)
        await self.client.shutdown()
    }

    @Test("a shutdown breaks off what is under way")
    func duringShutdown() async throws {
        let (client, request) = (self.client, self.server.request("/silent"))
        let task = Task { await failure(client, request) }
        try await self.untilSent()
        await client.shutdown()
        let error = await task.value
        #expect(error?.code == .closed)
        #expect(error?.bytesSent == true)
    }
}
