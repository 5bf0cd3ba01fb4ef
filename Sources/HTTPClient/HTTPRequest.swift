/// One HTTP request: what to send, how long it may take, and how much may come back.
package struct HTTPRequest: Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package var method: Method
    /// An `https` URL; `http` only where the host is this machine.
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// The time from submission to the last byte of the answer.
    package var timeout: Duration
    /// The most bytes of an answer's body, after decompression; a longer one fails the request.
    package var maximumResponseBytes: Int
    /// Whether libcurl may send the request again by itself when a kept connection turns out to be dead.
    ///
    /// False unless said otherwise: the server may have carried out what it did not answer.
    package var isRepeatable: Bool

    package init(
        method: Method = .post,
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        timeout: Duration = .seconds(60),
        maximumResponseBytes: Int = 16 << 20,
        isRepeatable: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumResponseBytes = maximumResponseBytes
        self.isRepeatable = isRepeatable
    }
}
