/// A request that got no whole answer.
package struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The URL is malformed, of another protocol than `http` and `https`, or carries a user or password; or a header
        /// holds a line break.
        case invalidRequest = "invalid_request"
        /// Plain `http` to another machine.
        case insecure
        /// The host's name was not found.
        case resolve
        /// No connection to the host or the proxy.
        case connect
        /// The TLS handshake failed.
        case tls
        /// The server's certificate is not to be trusted, or the authorities' file is not to be read.
        case certificate
        /// The time of the request is over.
        case timeout
        /// The answer is larger than the request allows.
        case tooLarge = "too_large"
        /// The task that waited was cancelled.
        case cancelled
        /// The client was shut down.
        case closed
        /// The connection broke, or what came over it is not HTTP.
        case transfer
    }

    package let code: Code
    /// libcurl's words, or ours; without URL, headers or body.
    package let message: String
    /// False only where the server cannot have seen the whole request: not one byte of its body was handed to libcurl,
    /// or, of a request without a body, not one byte was sent.
    ///
    /// libcurl asks for the body only after the connection stands and the head is sent, and the count includes earlier
    /// tries on connections that turned out to be dead; so false is a proof, and true is a maybe.
    package let bytesSent: Bool

    package init(_ code: Code, message: String, bytesSent: Bool) {
        self.code = code
        self.message = message
        self.bytesSent = bytesSent
    }

    package var description: String { "\(self.code.rawValue): \(self.message)" }
    /// The kind of failure without libcurl's words: safe for metrics.
    package var shortDescription: String { self.code.rawValue }
}
