internal import Glibc

/// Unix datagram sockets, as far as they are needed here.
enum Datagram {
    /// A new socket that neither blocks nor passes to other programs; nil when the system has none left.
    static func socket(blocking: Bool) -> Int32? {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | (blocking ? 0 : SOCK_NONBLOCK.rawValue))
        let descriptor = Glibc.socket(AF_UNIX, kind, 0)
        return descriptor < 0 ? nil : descriptor
    }

    /// Sends one message; 0 or the `errno` of what was in the way.
    ///
    /// - Parameters:
    ///   - message: What to send.
    ///   - address: Whom to.
    ///   - wait: How long to wait in all when the receiver's queue is full, in milliseconds.
    /// - Returns: 0 when the message was delivered.
    static func send(_ message: [UInt8], to address: UnixAddress, wait: Int) -> Int32 {
        guard let descriptor = Self.socket(blocking: true) else { return errno }
        defer { close(descriptor) }
        var timeout = timeval(tv_sec: wait / 1000, tv_usec: wait % 1000 * 1000)
        if wait > 0 {
            let size = socklen_t(MemoryLayout<timeval>.size)
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
        }
        let flags = Int32(MSG_NOSIGNAL) | (wait > 0 ? 0 : Int32(MSG_DONTWAIT))
        while true {
            let sent = unsafe address.withSocketAddress { address, length in
                unsafe sendto(descriptor, message, message.count, flags, address, length)
            }
            if sent == message.count { return 0 }
            if sent >= 0 { return EMSGSIZE }
            if errno != EINTR { return errno }
        }
    }
}
