internal import CSQLite

extension Statement {
    package func bind(_ index: Int, _ value: Int64) throws(SQLiteError) {
        try self.check(unsafe sqlite3_bind_int64(self.raw, Int32(index), value))
    }

    package func bind(_ index: Int, _ value: Double) throws(SQLiteError) {
        try self.check(unsafe sqlite3_bind_double(self.raw, Int32(index), value))
    }

    package func bind(_ index: Int, _ value: String) throws(SQLiteError) {
        var value = value
        let code = value.withUTF8 { text in
            // An empty string may have no address, which SQLite would take for null.
            guard let start = unsafe UnsafeRawPointer(text.baseAddress) else {
                return unsafe csqlite_bind_text(self.raw, Int32(index), "", 0)
            }
            return unsafe csqlite_bind_text(
                self.raw,
                Int32(index),
                start.assumingMemoryBound(to: CChar.self),
                UInt64(text.count)
            )
        }
        try self.check(code)
    }

    package func bind(_ index: Int, _ value: [UInt8]) throws(SQLiteError) {
        try self.check(unsafe value.withUnsafeBytes { unsafe self.code(binding: $0, to: index) })
    }

    /// Binds bytes that are not in an array; SQLite copies them.
    package func bind(_ index: Int, bytes: UnsafeRawBufferPointer) throws(SQLiteError) {
        try self.check(unsafe self.code(binding: bytes, to: index))
    }

    private func code(binding bytes: UnsafeRawBufferPointer, to index: Int) -> Int32 {
        guard let start = bytes.baseAddress, unsafe !bytes.isEmpty else {
            return unsafe sqlite3_bind_zeroblob(self.raw, Int32(index), 0)
        }
        return unsafe csqlite_bind_blob(self.raw, Int32(index), start, UInt64(bytes.count))
    }

    package func bindNull(_ index: Int) throws(SQLiteError) {
        try self.check(unsafe sqlite3_bind_null(self.raw, Int32(index)))
    }

    package func bind(_ index: Int, _ value: Int64?) throws(SQLiteError) {
        if let value { try self.bind(index, value) } else { try self.bindNull(index) }
    }

    package func bind(_ index: Int, _ value: Double?) throws(SQLiteError) {
        if let value { try self.bind(index, value) } else { try self.bindNull(index) }
    }

    package func bind(_ index: Int, _ value: String?) throws(SQLiteError) {
        if let value { try self.bind(index, value) } else { try self.bindNull(index) }
    }

    package func bind(_ index: Int, _ value: [UInt8]?) throws(SQLiteError) {
        if let value { try self.bind(index, value) } else { try self.bindNull(index) }
    }

    package func bind(_ index: Int, _ value: SQLiteValue) throws(SQLiteError) {
        switch value {
        case .null: try self.bindNull(index)
        case .integer(let value): try self.bind(index, value)
        case .real(let value): try self.bind(index, value)
        case .text(let value): try self.bind(index, value)
        case .blob(let value): try self.bind(index, value)
        }
    }

    /// Binds all parameters; there must be exactly as many values as the statement has parameters.
    package func bind(_ values: [SQLiteValue]) throws(SQLiteError) {
        let count = Int(unsafe sqlite3_bind_parameter_count(self.raw))
        guard values.count == count else {
            // A parameter left out would keep the value of the round before, or be null in silence.
            throw SQLiteError(
                code: SQLITE_RANGE,
                message: "\(values.count) values for a statement of \(count) parameters"
            )
        }
        for (offset, value) in values.enumerated() {
            try self.bind(offset + 1, value)
        }
    }
}
