internal import FoundationEssentials
internal import Orders
internal import SQLite

extension SQLiteValue {
    static func integer(_ value: Int) -> SQLiteValue { .integer(Int64(value)) }
    static func key(_ key: OrderKey) -> SQLiteValue { .text(key.uuid.lowercaseText) }
    static func key(_ key: OrderKey?) -> SQLiteValue { key.map(Self.key) ?? .null }
    static func uuid(_ uuid: UUID) -> SQLiteValue { .text(uuid.lowercaseText) }
    static func uuid(_ uuid: UUID?) -> SQLiteValue { uuid.map(Self.uuid) ?? .null }
    static func digest(_ digest: Digest) -> SQLiteValue { .blob(digest.bytes) }
    static func state(_ state: JobState) -> SQLiteValue { .text(state.rawValue) }
}

extension Statement {
    func bind(_ index: Int, _ digest: Digest) throws(SQLiteError) {
        try unsafe digest.withBytes { bytes throws(SQLiteError) in try unsafe self.bind(index, bytes: bytes) }
    }

    func bind(_ index: Int, _ digest: Digest?) throws(SQLiteError) {
        guard let digest else { return try self.bind(index, nil as String?) }
        try self.bind(index, digest)
    }
}

extension Row {
    /// A column the schema declares NOT NULL.
    func whole(_ index: Int) throws(SQLiteError) -> Int64 {
        guard let value = self.integer(index) else { throw self.malformed(index) }
        return value
    }

    func count(_ index: Int) throws(SQLiteError) -> Int { Int(try self.whole(index)) }

    func string(_ index: Int) throws(SQLiteError) -> String {
        guard let value = self.text(index) else { throw self.malformed(index) }
        return value
    }

    func bytes(_ index: Int) throws(SQLiteError) -> [UInt8] {
        guard let value = self.blob(index) else { throw self.malformed(index) }
        return value
    }

    func flag(_ index: Int) -> Bool { self.integer(index) == 1 }

    func orderKey(_ index: Int) throws(SQLiteError) -> OrderKey {
        guard let key = self.text(index).flatMap(OrderKey.init) else { throw self.malformed(index) }
        return key
    }

    func optionalKey(_ index: Int) throws(SQLiteError) -> OrderKey? {
        self.isNull(index) ? nil : try self.orderKey(index)
    }

    func digest(_ index: Int) throws(SQLiteError) -> Digest {
        guard let digest = self.blob(index).flatMap({ Digest(bytes: $0) }) else { throw self.malformed(index) }
        return digest
    }

    func optionalDigest(_ index: Int) throws(SQLiteError) -> Digest? {
        self.isNull(index) ? nil : try self.digest(index)
    }

    func uuid(_ index: Int) throws(SQLiteError) -> UUID {
        guard let uuid = self.text(index).flatMap(UUID.init(text:)) else { throw self.malformed(index) }
        return uuid
    }

    func optionalUUID(_ index: Int) throws(SQLiteError) -> UUID? {
        self.isNull(index) ? nil : try self.uuid(index)
    }

    /// A column whose values the schema lists.
    func word<Word: RawRepresentable<String>>(_ index: Int, _: Word.Type = Word.self) throws(SQLiteError) -> Word {
        guard let word = self.text(index).flatMap(Word.init) else { throw self.malformed(index) }
        return word
    }

    /// A failure stored as class, code, message and HTTP status; nil when it has no class.
    func failure(_ first: Int) -> Failure? {
        guard let text = self.text(first) else { return nil }
        return Failure(
            FailureClass(rawValue: text) ?? .permanent,
            code: self.text(first + 1) ?? "",
            message: self.text(first + 2) ?? "",
            httpStatus: self.integer(first + 3).map(Int.init)
        )
    }

    /// The file holds what no program of ours writes: damage that B-tree checks can't see (11 is SQLITE_CORRUPT).
    private func malformed(_ index: Int) -> SQLiteError {
        SQLiteError(code: 11, message: "column \(self.name(index)) holds no such value")
    }
}

extension Database {
    /// The first column of the first row; nil when there is no row, or null in it.
    func integer(_ sql: String, _ values: [SQLiteValue] = []) throws(SQLiteError) -> Int64? {
        try self.first(sql, values) { $0.integer(0) } ?? nil
    }

    /// The first column of every row.
    func integers(_ sql: String, _ values: [SQLiteValue] = []) throws(SQLiteError) -> [Int64] {
        try self.query(sql, values) { row throws(SQLiteError) in try row.whole(0) }
    }

    /// Whether there is a row.
    func exists(_ sql: String, _ values: [SQLiteValue] = []) throws(SQLiteError) -> Bool {
        try self.first(sql, values) { _ in true } ?? false
    }
}
