import Orders
import OrdersyncConfiguration
internal import ThreadExecutor

/// The file of Monday's token, read on a thread of its own since a disk may hang.
actor TokenFile {
    private let executor = ThreadExecutor(name: "token")
    private let path: String

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    init(_ path: String) { self.path = path }

    /// What stands there now; nil when it is nothing that can be sent.
    func read() -> Secret? { Configuration.token(inFile: self.path) }
}
