import Foundation
import Glibc
import Testing

@testable import ODBC

/// A connection that is found by what is new, and cut.
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

        deinit { for end in self.ends { close(end) } }

        func connect() -> Int32 {
            let end = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = 0x0100_007F  // 127.0.0.1
            address.sin_port = self.port
            let length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe Glibc.connect(end, $0, length)
                }
            }
            #expect(code == 0)
            self.ends.append(end)
            return end
        }
    }

    @Test("what waits for a silent server ends when its connection is cut, and other connections live")
    func severed() throws {
        let silence = try Silence()
        let other = silence.connect()
        let (end, socket) = NetworkSocket.made { silence.connect() }
        // Another thread of this process may have made a connection meanwhile: then none is told, and the next try is as good.
        let found = try #require(socket ?? NetworkSocket.made { silence.connect() }.socket)
        let watched = socket == nil ? silence.ends.last ?? end : end
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

    @Test("of two connections made at once none is taken for the one that was asked for")
    func ambiguous() throws {
        let silence = try Silence()
        let (_, socket) = NetworkSocket.made {
            _ = silence.connect()
            return silence.connect()
        }
        #expect(socket == nil)
    }
}
