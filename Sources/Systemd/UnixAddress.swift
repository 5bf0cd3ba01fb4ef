internal import Glibc

/// The address of a unix socket: a path, or with a leading `@` a name in the abstract name space.
struct UnixAddress {
    private let name: [UInt8]

    /// Takes an absolute path or an `@name`; nil for anything else and for what is too long for the system (107 bytes).
    init?(_ text: String) {
        var name = Array(text.utf8)
        guard let first = name.first, name.count > 1, !name.contains(0) else { return nil }
        guard first == UInt8(ascii: "/") || first == UInt8(ascii: "@") else { return nil }
        if first == UInt8(ascii: "@") { name[0] = 0 }
        // A path ends with a zero byte.
        guard name.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
        self.name = name
    }

    /// Lends the address in the form that `bind` and `sendto` take.
    func withSocketAddress<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: self.name) }
        // The length tells an abstract name's end, for which zero bytes count.
        let offset = MemoryLayout<sockaddr_un>.size - MemoryLayout.size(ofValue: address.sun_path)
        let length = socklen_t(offset + self.name.count)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}
