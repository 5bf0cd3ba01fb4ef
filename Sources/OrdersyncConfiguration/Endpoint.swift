import FoundationEssentials

extension ValueFormat where Value == String {
    /// The address of the API.
    ///
    /// Unencrypted only to this machine, because the token travels in a header.
    static let endpoint = Self(
        allowed: "an https address without user name, query or fragment (http only for this machine)"
    ) { text in
        guard
            text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }),
            let url = URL(string: text), let host = url.host(), !host.isEmpty,
            url.user() == nil, url.password() == nil, url.query() == nil, url.fragment() == nil
        else { return nil }
        switch url.scheme?.lowercased() {
        case "https": return text
        case "http": return Self.isLoopback(host) ? text : nil
        default: return nil
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts.allSatisfy { $0 != nil } && parts[0] == 127
    }
}
