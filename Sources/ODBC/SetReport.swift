internal import CODBC

/// What a driver tells of a set: the status of each row, and how many it came to.
@safe final class SetReport {
    let statuses: UnsafeMutablePointer<SQLUSMALLINT>
    let processed: UnsafeMutablePointer<SQLULEN>
    let capacity: Int
    private var rows = 0

    init(capacity: Int) {
        self.capacity = capacity
        unsafe self.statuses = .allocate(capacity: capacity)
        unsafe self.processed = .allocate(capacity: 1)
    }

    deinit {
        unsafe self.statuses.deallocate()
        unsafe self.processed.deallocate()
    }

    /// Begins the report of a set.
    func begin(rows: Int) {
        self.rows = rows
        // Some drivers write none, so what stands there before must mean success.
        unsafe self.statuses.initialize(repeating: SQLUSMALLINT(SQL_PARAM_SUCCESS), count: self.capacity)
        unsafe self.processed.initialize(to: 0)
    }

    var processedRows: Int { unsafe Int(self.processed.pointee) }

    /// The first row that the driver marked as failed or left out.
    var firstBadRow: Int? {
        let bad = [SQLUSMALLINT(SQL_PARAM_ERROR), SQLUSMALLINT(SQL_PARAM_UNUSED)]
        for row in 0..<self.rows where unsafe bad.contains(self.statuses[row]) { return row }
        return nil
    }
}
