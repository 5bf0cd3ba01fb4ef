internal import Glibc

/// A socket in the file system at which other programs wake this one: `ordersync-enqueue` the daemon, say.
///
/// A datagram's content means nothing, only that one came; so whoever may write to the socket can do no more than make
/// the daemon look into its journal. The socket is removed when this object is released.
package final class WakeSocket: Sendable {
    /// One element for every burst of wake-ups since the last one was taken, for one consumer.
    ///
    /// It ends with the socket.
    package let wakes: AsyncStream<Void>
    private let path: String
    private let socket: Int32

    /// Makes the socket, in place of one that a program left behind when it crashed.
    ///
    /// Call it only under a lock that keeps a second program of the kind away, as that one would lose its socket.
    ///
    /// - Parameter path: Where; its owner and group may write to it (mode 0660).
    /// - Throws: ``WakeSocketError`` when it can't be made; the program can go on without.
    package init(path: String) throws(WakeSocketError) {
        let descriptor = try Self.bind(path)
        self.path = path
        self.socket = descriptor
        let (wakes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.wakes = wakes
        let receiver = WakeReceiver(socket: descriptor, wakes: continuation)
        Task.detached { await receiver.run() }
    }

    deinit {
        // Here rather than by the receiver, which ends later: the path could be a new socket's by then.
        _ = unsafe unlink(self.path)
        // It tells the receiver, which then closes the socket: closed here, its number could be another file's while the
        // receiver still waits on it.
        _ = shutdown(self.socket, Int32(SHUT_RDWR))
    }

    /// Wakes the program that listens at a path; without one nothing happens.
    ///
    /// Never waits: when the listener's queue is full, it is about to wake anyway.
    ///
    /// - Parameter path: The socket's path.
    /// - Returns: Whether somebody listens.
    @discardableResult
    package static func wake(path: String) -> Bool {
        guard let address = UnixAddress(path) else { return false }
        let code = Datagram.send([UInt8(ascii: "w")], to: address, wait: 0)
        return code == 0 || code == EAGAIN
    }

    private static func bind(_ path: String) throws(WakeSocketError) -> Int32 {
        guard path.hasPrefix("/"), let address = UnixAddress(path) else {
            throw WakeSocketError(path: path, systemError: ENAMETOOLONG)
        }
        guard let descriptor = Datagram.socket(blocking: false) else {
            throw WakeSocketError(path: path, systemError: errno)
        }
        Self.removeStale(path)
        // The mode of the socket before it is bound becomes the file's, less the umask; so it is never open to all.
        _ = fchmod(descriptor, 0o660)
        let bound = unsafe address.withSocketAddress { unsafe Glibc.bind(descriptor, $0, $1) }
        guard bound == 0, unsafe chmod(path, 0o660) == 0 else {
            let code = errno
            close(descriptor)
            throw WakeSocketError(path: path, systemError: code)
        }
        return descriptor
    }

    /// Removes a socket that is in the way; any other file stays, and binding will fail.
    private static func removeStale(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        _ = unsafe unlink(path)
    }
}
