import ODBC
import Orders
import Testing

@testable import Warehouse

@Suite struct FailureTests {
    private func failure(_ state: String, _ native: Int32, _ dialect: Dialect) -> Failure {
        let record = DiagnosticRecord(state: state, native: native, message: "m")
        return Failure(ODBCError(function: "SQLExecute", records: [record]), dialect)
    }

    @Test(
        "SQL Server's errors have the class that says what may be done about them",
        arguments: [
            ("40001", 1205, FailureClass.transient), ("HY000", 1222, .transient), ("23000", 2627, .permanent),
            ("23000", 2601, .permanent), ("23000", 547, .permanent), ("23000", 515, .permanent),
            ("22001", 2628, .permanent),
            ("22001", 8152, .permanent), ("42000", 4060, .systemic), ("28000", 18456, .systemic),
            ("HY000", 40501, .throttled),
            ("HY000", 40613, .throttled), ("42000", 49918, .throttled), ("08S01", 0, .systemic),
            ("08001", 10060, .systemic),
            ("HYT00", 0, .systemic), ("HYT01", 0, .systemic), ("42S02", 208, .systemic), ("42S22", 207, .systemic),
            ("42000", 229, .systemic), ("HY000", 9002, .systemic), ("22018", 245, .permanent),
            ("01000", 20017, .systemic), ("08S01", 20006, .systemic), ("HY000", 20003, .systemic),
            ("42000", 511, .permanent), ("42000", 1946, .permanent), ("42000", 3609, .transient),
            ("42000", 50_001, .transient), ("42000", 3906, .systemic), ("HY000", 983, .systemic),
            ("42000", 3616, .transient), ("42000", 8169, .permanent),
            ("42000", 701, .systemic), ("42000", 33_557_097, .systemic), ("HY000", 8_888, .transient),
        ] as [(String, Int32, FailureClass)]
    )
    func sqlServer(state: String, native: Int32, expected: FailureClass) {
        #expect(self.failure(state, native, .sqlServer).class == expected)
    }

    @Test(
        "SQLite's errors have theirs, by the number alone",
        arguments: [
            (5, FailureClass.throttled), (6, .throttled), (19, .permanent), (13, .systemic), (8, .systemic),
            (11, .systemic),
            (14, .systemic), (1, .systemic), (2067, .permanent), (-1, .transient),
        ] as [(Int32, FailureClass)]
    )
    func sqlite(native: Int32, expected: FailureClass) {
        #expect(self.failure("HY000", native, .sqlite).class == expected)
    }

    @Test("a limit of the server is not taken for a missing table, nor a trigger's word for anything but a row's fault")
    func refusals() {
        #expect(!self.failure("42000", 701, .sqlServer).isMissingTable)
        #expect(self.failure("42000", 33_557_097, .sqlServer).isMissingTable)
        #expect(self.failure("42000", 50_001, .sqlServer).mayBeOneRow)
        #expect(self.failure("42000", 3906, .sqlServer).isUnreachable)
    }

    @Test("a SQLite number means nothing on SQL Server, and the other way round")
    func separate() {
        #expect(self.failure("HY000", 19, .sqlServer).class == .transient)
        #expect(self.failure("HY000", 1205, .sqlite).code != "deadlock")
    }

    @Test("the second record counts when the first says nothing")
    func records() {
        let error = ODBCError(
            function: "SQLExecute",
            records: [
                DiagnosticRecord(state: "01000", native: 3621, message: "The statement has been terminated."),
                DiagnosticRecord(state: "23000", native: 2627, message: "Violation"),
            ]
        )
        let failure = Failure(error, .sqlServer)
        #expect(failure.class == .permanent)
        #expect(failure.code == "duplicate")
        #expect(failure.message.contains("terminated") && failure.message.contains("Violation"))
    }

    @Test("only failures that one row can cause are searched for the row")
    func oneRow() {
        #expect(self.failure("23000", 2627, .sqlServer).mayBeOneRow)
        #expect(self.failure("HY000", 8_888, .sqlServer).mayBeOneRow)
        #expect(!self.failure("40001", 1205, .sqlServer).mayBeOneRow)
        #expect(!self.failure("08S01", 0, .sqlServer).mayBeOneRow)
        #expect(!self.failure("HY000", 5, .sqlite).mayBeOneRow)
    }
}
