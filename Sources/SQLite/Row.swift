internal import CSQLite

/// The row a statement stands on, lent for as long as it stands there.
///
/// Columns count from 0; a column that is not there reads as null. A null reads as nil; otherwise SQLite converts to
/// the type asked for.
@safe package struct Row: ~Copyable {
    private let statement: Statement

    init(of statement: Statement) {
        self.statement = statement
    }

    /// How many columns there are.
    package var count: Int { Int(unsafe sqlite3_column_count(self.statement.raw)) }

    /// The column's name in the result.
    package func name(_ index: Int) -> String {
        guard let name = unsafe sqlite3_column_name(self.statement.raw, Int32(index)) else { return "" }
        return unsafe String(cString: name)
    }

    package func isNull(_ index: Int) -> Bool {
        unsafe sqlite3_column_type(self.statement.raw, Int32(index)) == SQLITE_NULL
    }

    package func integer(_ index: Int) -> Int64? {
        self.isNull(index) ? nil : unsafe sqlite3_column_int64(self.statement.raw, Int32(index))
    }

    package func real(_ index: Int) -> Double? {
        self.isNull(index) ? nil : unsafe sqlite3_column_double(self.statement.raw, Int32(index))
    }

    package func text(_ index: Int) -> String? {
        // The text is asked for before its length: asking may convert it.
        guard let text = unsafe sqlite3_column_text(self.statement.raw, Int32(index)) else { return nil }
        let count = Int(unsafe sqlite3_column_bytes(self.statement.raw, Int32(index)))
        return unsafe String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    package func blob(_ index: Int) -> [UInt8]? {
        if self.isNull(index) { return nil }
        // A blob of no bytes has no address.
        guard let bytes = unsafe sqlite3_column_blob(self.statement.raw, Int32(index)) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(self.statement.raw, Int32(index)))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// The value as it is stored.
    package func value(_ index: Int) -> SQLiteValue {
        switch unsafe sqlite3_column_type(self.statement.raw, Int32(index)) {
        case SQLITE_INTEGER: .optional(self.integer(index))
        case SQLITE_FLOAT: .optional(self.real(index))
        case SQLITE_TEXT: .optional(self.text(index))
        case SQLITE_BLOB: .optional(self.blob(index))
        default: .null
        }
    }
}
