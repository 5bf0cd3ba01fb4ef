/// Sends HTTP requests over libcurl, on one thread of its own.
package final class HTTPClient: Sendable {
    private let engine: CurlEngine

    /// Makes a client and starts its thread; connections are opened with the requests that need them.
    package init(_ configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        self.engine = CurlEngine(configuration)
        self.engine.start()
    }

    /// A client that nobody holds any more ends its thread.
    deinit {
        self.engine.close()
    }

    /// Sends a request and waits for the whole answer, of whatever status.
    ///
    /// Cancelling the task breaks the transfer off.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let engine = self.engine
        let id = engine.nextID()
        let result: Result<HTTPResponse, HTTPError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                engine.submit(CurlEngine.Submission(id: id, request: request, continuation: continuation))
            }
        } onCancel: {
            engine.cancel(id)
        }
        return try result.get()
    }

    /// Breaks off what is under way and closes all connections; a request from now on fails at once.
    package func shutdown() async {
        await self.engine.closeAndWait()
    }
}
