/// What holds for every request of a client.
package struct HTTPClientConfiguration: Sendable {
    /// The time for name look-up, connection and TLS handshake together; the request's own limit still holds.
    package var connectTimeout: Duration
    /// A kept connection that was idle for longer is not used again: servers close idle ones without a word, and a
    /// request that meets the closing is in doubt.
    package var maximumIdle: Duration
    /// Connections to one host at once; further requests wait for one, within their time, and HTTP/2 needs one.
    package var connectionsPerHost: Int
    /// A PEM file of the authorities to trust in place of the system's.
    package var certificateAuthorities: String?
    package var userAgent: String

    package init(
        connectTimeout: Duration = .seconds(10),
        maximumIdle: Duration = .seconds(30),
        connectionsPerHost: Int = 32,
        certificateAuthorities: String? = nil,
        userAgent: String = "ordersync"
    ) {
        self.connectTimeout = connectTimeout
        self.maximumIdle = maximumIdle
        self.connectionsPerHost = connectionsPerHost
        self.certificateAuthorities = certificateAuthorities
        self.userAgent = userAgent
    }
}
