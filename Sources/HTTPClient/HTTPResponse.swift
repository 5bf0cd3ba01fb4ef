/// The whole answer to a request, of whatever status.
package struct HTTPResponse: Sendable {
    package let status: Int
    /// The headers in the order they came; names in lower case, values without outer blanks.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of that name (in lower case).
    package func header(_ name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }
}
