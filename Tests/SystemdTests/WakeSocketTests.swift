import Foundation
import Systemd
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct WakeSocketTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        self.folder = try TemporaryFolder()
        self.path = self.folder.file("wake")
    }

    @Test("who listens is woken")
    func wakes() async throws {
        let socket = try WakeSocket(path: self.path)
        var wakes = socket.wakes.makeAsyncIterator()
        for _ in 1...3 {
            #expect(WakeSocket.wake(path: self.path))
            #expect(await wakes.next() != nil)
        }
    }

    @Test("a wake-up sent while the listener was busy is not lost, and many become one or few")
    func burst() async throws {
        let socket = try WakeSocket(path: self.path)
        // More than the queue of a datagram socket holds: the sender must not wait.
        for _ in 1...1000 { #expect(WakeSocket.wake(path: self.path)) }
        var wakes = socket.wakes.makeAsyncIterator()
        #expect(await wakes.next() != nil)
    }

    @Test("waking nobody does nothing", arguments: ["none", "no/folder/wake", "a-file", "stale"])
    func nobody(name: String) throws {
        try Data().write(to: URL(filePath: self.folder.file("a-file")))
        _ = try DatagramListener(self.folder.file("stale"))
        #expect(!WakeSocket.wake(path: self.folder.file(name)))
    }

    @Test("owner and group may wake, others may not, whatever the umask")
    func mode() async {
        // In a process of its own, because the umask is the whole process's.
        await #expect(processExitsWith: .success) { [path = self.path as String] in
            umask(0o077)
            let socket = try WakeSocket(path: path)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o660)
            withExtendedLifetime(socket) {}
        }
    }

    @Test("a socket that a killed program left behind is replaced")
    func stale() async throws {
        // Bound and closed, but its file stays: what a crash leaves.
        _ = try DatagramListener(self.path)
        let socket = try WakeSocket(path: self.path)
        var wakes = socket.wakes.makeAsyncIterator()
        #expect(WakeSocket.wake(path: self.path))
        #expect(await wakes.next() != nil)
    }

    @Test("a file that is no socket is not removed, and the reason is told")
    func inTheWay() throws {
        try Data("mine".utf8).write(to: URL(filePath: self.path))
        let error = #expect(throws: WakeSocketError.self) { try WakeSocket(path: self.path) }
        #expect(error?.description == "no wake-up socket at \(self.path): Address already in use")
        #expect(try Data(contentsOf: URL(filePath: self.path)) == Data("mine".utf8))
    }

    @Test("a path that is too long for the system, or leads nowhere, is an error")
    func badPath() {
        for path in [self.folder.file(String(repeating: "x", count: 120)), self.folder.file("none/wake"), "relative"] {
            #expect(throws: WakeSocketError.self) { try WakeSocket(path: path) }
        }
    }

    @Test("when the socket is let go of, its file is gone and who waits for it goes on")
    func released() async throws {
        var socket: WakeSocket? = try WakeSocket(path: self.path)
        let wakes = try #require(socket?.wakes)
        socket = nil
        for await _ in wakes {}
        #expect(!FileManager.default.fileExists(atPath: self.path))
        // And the next one at the same path stays.
        let next = try WakeSocket(path: self.path)
        #expect(WakeSocket.wake(path: self.path))
        withExtendedLifetime(next) {}
    }
}
