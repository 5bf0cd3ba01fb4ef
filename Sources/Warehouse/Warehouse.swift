internal import ODBC
package import Orders
internal import ThreadExecutor

/// The only door to the staging, production, error and batch tables: one connection, on a thread of its own.
///
/// Every function may be repeated after a crash between any two of its statements, and what belongs together is in one transaction.
/// Every statement has a deadline; after a failure that leaves the connection in doubt it is dropped, and the next call makes a new one.
package actor Warehouse {
    private let executor = ThreadExecutor(name: "warehouse")
    private let cancelSwitch = CancelSwitch()
    let session: Session
    let fieldMap: FieldMap
    /// The clock, in UTC milliseconds.
    let now: @Sendable () -> Int64
    /// What a person should know of the trust in the connection.
    package nonisolated let trustWarning: String?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - settings: where the tables are; nothing is connected before the first call
    ///   - fieldMap: which columns an order's values go to
    ///   - mayCreate: whether an embedded warehouse that isn't there is made
    ///   - now: the clock, in UTC milliseconds
    package init(
        settings: WarehouseSettings,
        fieldMap: FieldMap,
        mayCreate: Bool = true,
        now: @escaping @Sendable () -> Int64
    ) {
        self.session = Session(settings, accessMode: .readWrite, mayCreate: mayCreate, cancelSwitch: self.cancelSwitch)
        self.fieldMap = fieldMap
        self.trustWarning = SQLServerKeywords.trustWarning(settings.connection.reveal())
        self.now = now
    }

    /// How many statements were sent so far, a set of rows counting as one.
    package var statements: Int { self.session.statements }

    /// Drops the connection; the next call makes a new one.
    package func reset() {
        self.session.drop()
    }

    /// Ends the statement that is running, if any, from any thread; it fails and rolls back.
    package nonisolated func cancel() {
        self.cancelSwitch.cancel()
    }

    /// Ends the statement that is running, if any, and gives every later one a second: for a service that is about to end.
    package nonisolated func hurry() {
        self.cancelSwitch.hurry(seconds: 1)
    }
}
