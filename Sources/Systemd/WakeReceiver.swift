internal import Glibc
internal import ThreadExecutor

/// Waits for datagrams on a thread of its own; see ``WakeSocket``.
actor WakeReceiver {
    private let executor = ThreadExecutor(name: "wake")
    private let socket: Int32
    private let wakes: AsyncStream<Void>.Continuation

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - socket: The bound socket, which does not block; closed at the end.
    ///   - wakes: Where wake-ups go.
    init(socket: Int32, wakes: AsyncStream<Void>.Continuation) {
        self.socket = socket
        self.wakes = wakes
    }

    /// Passes wake-ups on until the socket is shut down.
    func run() {
        var wait = pollfd(fd: self.socket, events: Int16(POLLIN), revents: 0)
        while wait.revents & Int16(POLLHUP | POLLNVAL) == 0 {
            // A failed call, by a signal say, leaves nothing to do but to wait again.
            guard unsafe poll(&wait, 1, -1) > 0 else { continue }
            self.drain()
            self.wakes.yield()
        }
        self.wakes.finish()
        close(self.socket)
    }

    /// Takes the datagrams that are there; not without end, should somebody send them faster than that.
    private func drain() {
        var byte: UInt8 = 0
        for _ in 1...1000 {
            guard unsafe recv(self.socket, &byte, 1, 0) > 0 else { return }
        }
    }
}
