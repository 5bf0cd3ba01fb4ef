internal import CODBC

/// What a driver tells of a set: the status of each row, and how many it came to.
@safe final class SetReport {
    let statuses: UnsafeMutablePointer<SQLUSMALLINT>
    let processed: UnsafeMutablePointer<SQLULEN>
    private let capacity: Int
    private var rows = 0

    private init(capacity: Int) {
        self.capacity = capacity
        unsafe self.statuses = .allocate(capacity: capacity)
        unsafe self.processed = .allocate(capacity: 1)
    }

    deinit {
        unsafe self.statuses.deallocate()
        unsafe self.processed.deallocate()
    }

    /// A report of as many rows for a statement whose last one was `last`, and which keeps this one as long as it lives.
    ///
    /// It never has less room than the last one: Microsoft's driver 18.6 was seen to write, beside the statuses of a set, one at the
    /// place of the last row of the set before, which was longer.
    static func following(_ last: SetReport?, rows: Int) -> SetReport {
        let report = last.flatMap { $0.capacity >= rows ? $0 : nil } ?? SetReport(capacity: rows)
        report.rows = rows
        // Some drivers write none, so what stands there before must mean success.
        unsafe report.statuses.initialize(repeating: SQLUSMALLINT(SQL_PARAM_SUCCESS), count: report.capacity)
        unsafe report.processed.initialize(to: 0)
        return report
    }

    var processedRows: Int { unsafe Int(self.processed.pointee) }

    /// The first row that the driver marked as failed or left out.
    var firstBadRow: Int? {
        let bad = [SQLUSMALLINT(SQL_PARAM_ERROR), SQLUSMALLINT(SQL_PARAM_UNUSED)]
        for row in 0..<self.rows where unsafe bad.contains(self.statuses[row]) { return row }
        return nil
    }
}
