internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// The TCP connection under an ODBC connection, which no driver tells of: to cut it is the only way to end a call that waits for a
/// server that has gone silent.
///
/// Microsoft's driver waits minutes for the answer to the cancel that it sends when a query time-out has passed, and its `SQLCancel`
/// waits for the call that it is to end. FreeTDS waits as long again as the time-out was.
struct NetworkSocket: Hashable, Sendable {
    private let descriptor: Int32
    /// The socket's number in the system, by which another one that got the same descriptor later is told from it.
    private let number: UInt
    /// The port at its other end.
    let port: UInt16

    /// Connections are made one after another, so that the socket that is new is the one that was made.
    private static let connecting = Mutex(())

    /// What was found of a connection's socket.
    enum Finding: Hashable {
        case found(NetworkSocket)
        /// Nothing was made, as by a driver that has no network.
        case none
        /// Other threads made some as well, and nothing tells them apart.
        case several
    }

    /// Runs what connects, and finds the socket that came of it.
    ///
    /// - Parameters:
    ///   - port: the server's port, when it is known: it tells the socket from those that other threads make meanwhile
    ///   - connect: what connects, and says whether it did
    /// - Returns: what `connect` returns, and the socket.
    static func made<Result>(
        port: UInt16? = nil,
        by connect: () -> Result
    ) -> (result: Result, finding: Finding) {
        self.connecting.withLock { _ in
            let before = Self.all()
            let result = connect()
            let new = Self.all().subtracting(before)
            guard new.count > 1 else { return (result, new.first.map { .found($0) } ?? .none) }
            let there = new.filter { $0.port == port }
            return (result, there.count == 1 ? there.first.map { .found($0) } ?? .several : .several)
        }
    }

    /// Cuts the connection: what waits for it fails, and the server rolls back.
    func sever() {
        guard Self(self.descriptor) == self else { return }
        _ = shutdown(self.descriptor, Int32(SHUT_RDWR))
    }

    /// The TCP sockets that this process has.
    private static func all() -> Set<NetworkSocket> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return Set(names.compactMap { Int32($0).flatMap { NetworkSocket($0) } })
    }

    /// What a descriptor stands for; nil when that is no TCP connection.
    private init?(_ descriptor: Int32) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getpeername(descriptor, $0, &length)
            }
        }
        guard code == 0, [AF_INET, AF_INET6].contains(Int32(address.ss_family)) else { return nil }
        self.descriptor = descriptor
        self.number = UInt(status.st_ino)
        self.port = UInt16(bigEndian: Self.port(of: address))
    }

    /// In the network's order.
    private static func port(of address: sockaddr_storage) -> UInt16 {
        unsafe withUnsafePointer(to: address) { pointer in
            // The port stands at the same place for IPv4 and IPv6.
            unsafe pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { unsafe $0.pointee.sin_port }
        }
    }
}
