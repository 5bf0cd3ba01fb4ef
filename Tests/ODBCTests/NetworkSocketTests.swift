import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import ODBC

/// A connection that is found by what is new and where it goes, and cut.
@Suite(.serialized) struct NetworkSocketTests {
    /// A connection to a server that accepts and then says nothing.
    private final class Silence {
        private(set) var ends: [Int32] = []
        private let port: in_port_t

        init() throws {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            self.ends = [listener]
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = 0x0100_007F  // 127.0.0.1
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(listener, $0, length) + listen(listener, 8) + getsockname(listener, $0, &length)
                }
            }
            try #require(code == 0)
            self.port = address.sin_port
        }

        var tcpPort: UInt16 { UInt16(bigEndian: self.port) }

        deinit { for end in self.ends { close(end) } }

        func connect() -> Int32 {
            let end = Self.connect(to: self.tcpPort)
            self.ends.append(end)
            return end
        }

        static func connect(to port: UInt16) -> Int32 {
            let end = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = 0x0100_007F  // 127.0.0.1
            address.sin_port = port.bigEndian
            let length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe Glibc.connect(end, $0, length)
                }
            }
            #expect(code == 0)
            return end
        }
    }

    @Test("what waits for a silent server ends when its connection is cut, and other connections live")
    func severed() throws {
        let silence = try Silence()
        let other = silence.connect()
        let (watched, finding) = NetworkSocket.made(port: silence.tcpPort) { silence.connect() }
        let found = try #require(finding.socket)
        let waiting = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            var byte: UInt8 = 0
            _ = unsafe recv(watched, &byte, 1, 0)
            waiting.signal()
        }
        found.sever()
        #expect(waiting.wait(timeout: .now() + 30) == .success)
        var byte: UInt8 = 0
        #expect(unsafe recv(other, &byte, 1, Int32(MSG_DONTWAIT)) == -1)
        #expect(errno == EAGAIN, "it is open still")
    }

    @Test("of connections that are made at once the one to the server's port is found, whatever the others are")
    func told() throws {
        let (silence, other) = (try Silence(), try Silence())
        let (end, finding) = NetworkSocket.made(port: silence.tcpPort) {
            _ = other.connect()
            let end = silence.connect()
            _ = other.connect()
            return end
        }
        let found = try #require(finding.socket)
        found.sever()
        var byte: UInt8 = 0
        #expect(unsafe recv(end, &byte, 1, Int32(MSG_DONTWAIT)) == 0, "it is at its end")
        for end in other.ends.dropFirst() {
            #expect(unsafe recv(end, &byte, 1, Int32(MSG_DONTWAIT)) == -1)
        }
    }

    @Test("of two connections to one port none is taken for the one that was asked for")
    func ambiguous() throws {
        let silence = try Silence()
        let (_, finding) = NetworkSocket.made(port: silence.tcpPort) {
            _ = silence.connect()
            return silence.connect()
        }
        #expect(finding == .several)
    }

    @Test(
        "a connection to a T-SQL server knows its socket though other threads connect all the while",
        .enabled(if: Backend.server != nil, "needs ORDERSYNC_TEST_SQLSERVER"),
        .onServer
    )
    func noise() throws {
        let isOver = Mutex(false)
        let silence = try Silence()
        let (port, listener, done) = (silence.tcpPort, silence.ends[0], DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            while !isOver.withLock({ $0 }) {
                // Both ends of each, so that the server's queue never fills.
                let ends = (1...4).flatMap { _ in [Silence.connect(to: port), accept(listener, nil, nil)] }
                for end in ends { close(end) }
            }
            done.signal()
        }
        let given = try #require(ServerDatabase.given)
        for _ in 1...10 {
            let connection = try Connection(connectionString: given)
            #expect(connection.link.canceller.socket?.port == ConnectionString(given).port)
        }
        isOver.withLock { $0 = true }
        done.wait()
    }
}

extension NetworkSocket.Finding {
    fileprivate var socket: NetworkSocket? { if case .found(let socket) = self { socket } else { nil } }
}
