internal import CCurl

/// Where a request goes, as libcurl reads its URL.
struct Target: Hashable, Sendable {
    let isLoopback: Bool

    /// Reads a URL; refuses what must not be sent.
    init(_ url: String) throws(HTTPError) {
        guard let parsed = unsafe curl_url() else {
            throw HTTPError(.invalidRequest, message: "The URL can't be read.", bytesSent: false)
        }
        defer { unsafe curl_url_cleanup(parsed) }
        guard unsafe curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK,
            let scheme = unsafe Self.part(parsed, CURLUPART_SCHEME),
            let host = unsafe Self.part(parsed, CURLUPART_HOST), !host.isEmpty
        else { throw HTTPError(.invalidRequest, message: "The URL is malformed.", bytesSent: false) }
        guard scheme == "https" || scheme == "http" else {
            throw HTTPError(.invalidRequest, message: "The URL's protocol is not HTTP.", bytesSent: false)
        }
        guard unsafe Self.part(parsed, CURLUPART_USER) == nil, unsafe Self.part(parsed, CURLUPART_PASSWORD) == nil
        else {
            throw HTTPError(.invalidRequest, message: "The URL carries a user or password.", bytesSent: false)
        }
        self.isLoopback = Self.isLoopback(host.lowercased())
        guard scheme == "https" || self.isLoopback else {
            throw HTTPError(.insecure, message: "Plain HTTP goes to this machine only.", bytesSent: false)
        }
    }

    /// Whether the host can only be this machine; libcurl itself answers `localhost` without asking a server.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil } && parts[0] == "127"
    }

    private static func part(_ url: OpaquePointer, _ part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(url, part, &text, 0) == CURLUE_OK, let text = unsafe text else { return nil }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
