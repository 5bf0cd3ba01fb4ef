/// What a driver or the driver manager said of a call, one of possibly several records.
package struct DiagnosticRecord: Hashable, Sendable {
    /// The SQLSTATE, five characters.
    package let state: String
    /// The number of the database itself, such as 1205 of SQL Server or 19 of SQLite; 0 when there is none.
    package let native: Int32
    /// The driver's words, with what it quoted of parameter values and passwords taken out.
    package let message: String

    package init(state: String, native: Int32, message: String) {
        self.state = state
        self.native = native
        self.message = message
    }
}

/// A failed ODBC call: which one, and what the driver said of it.
///
/// It never holds a parameter's value, the statement's text or the connection string.
package struct ODBCError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call that failed, in the words of the ODBC standard, or `ordersync` for a mistake found before any call.
    package let function: String
    /// All records, in the driver's order: the first is the one that ranks highest.
    package let records: [DiagnosticRecord]

    package init(function: String, records: [DiagnosticRecord]) {
        self.function = function
        self.records = records
    }

    /// A mistake found on this side, before or after the driver was asked.
    init(_ state: String, _ message: String) {
        self.init(function: "ordersync", records: [DiagnosticRecord(state: state, native: 0, message: message)])
    }

    package var state: String { self.records.first?.state ?? "HY000" }
    package var native: Int32 { self.records.first?.native ?? 0 }

    /// Whether the statement passed its deadline.
    ///
    /// The connection must be dropped then: some drivers leave it unusable.
    package var isTimeout: Bool { self.has("HYT00") || self.has("HYT01") }

    /// Whether ``Canceller/cancel()`` ended the call.
    package var isCancelled: Bool { self.has("HY008") && !self.isTimeout }

    /// Whether the connection is gone (SQLSTATE class 08), so that only a new one can go on.
    package var isConnectionLost: Bool {
        self.records.contains { $0.state.hasPrefix("08") || Self.freeTDSLinkErrors.contains($0.native) }
    }

    /// What FreeTDS says of a link that fails, as its client library's numbers, and under SQLSTATEs that tell nothing (01000): a read
    /// and a write that failed, no connection, an unexpected end, a connection that is dead.
    package static let freeTDSLinkErrors: Set<Int32> = [20004, 20006, 20009, 20017, 20047]

    /// Whether the same work may succeed on a second try: a lost connection, a deadlock, a lock that was not given in time.
    ///
    /// By the standard's states (08…, 40001, 40003, HYT00, HYT01), and by SQLite's BUSY (5) and LOCKED (6), which its driver reports
    /// as HY000.
    package var isTransient: Bool {
        self.isConnectionLost || self.isTimeout
            || self.records.contains {
                $0.state == "40001" || $0.state == "40003"
                    || ($0.state == "HY000" && ($0.native == 5 || $0.native == 6))
            }
    }

    /// The call and its SQLSTATE, without the driver's words: safe for metrics.
    package var shortDescription: String { "\(self.function) \(self.state)" }

    package var description: String {
        let details = self.records.map { "[\($0.state)/\($0.native)] \($0.message)" }.joined(separator: " ")
        return details.isEmpty ? "\(self.function) failed" : "\(self.function) failed: \(details)"
    }

    private func has(_ state: String) -> Bool { self.records.contains { $0.state == state } }
}
