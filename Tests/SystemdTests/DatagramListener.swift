import Glibc

/// The service manager's side of a notify socket, or a program's that wakes nobody.
@safe final class DatagramListener {
    private let descriptor: Int32

    /// Binds a path, or a name in the abstract name space that begins with `@`.
    init(_ name: String) throws {
        self.descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let length = socklen_t(2 + bytes.count)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(self.descriptor, $0, length)
            }
        }
        guard bound == 0 else { throw ListenerError(code: errno) }
    }

    deinit {
        close(self.descriptor)
    }

    /// The next message, if one has arrived.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = unsafe recv(self.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
}

struct ListenerError: Error {
    let code: Int32
}
