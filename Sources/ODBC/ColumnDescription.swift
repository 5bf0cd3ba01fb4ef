internal import CODBC

/// What the driver says of a column of a result.
package struct ColumnDescription: Hashable, Sendable {
    package let name: String
    /// The type's number in the standard, such as -9 for NVARCHAR.
    package let sqlType: Int16
    /// Characters or digits; 0 when the driver doesn't know or there is no bound.
    package let size: Int
    /// Digits behind the point of a DECIMAL.
    package let digits: Int
    package let isNullable: Bool

    fileprivate init(
        name: String,
        sqlType: Int16,
        size: SQLULEN,
        digits: SQLSMALLINT,
        nullable: SQLSMALLINT
    ) {
        self.name = name
        self.sqlType = sqlType
        self.size = size > SQLULEN(Int32.max) ? 0 : Int(size)
        self.digits = Int(digits)
        self.isNullable = nullable != SQL_NO_NULLS
    }

    /// Whether it is one of the integer types, BIT not among them.
    package var isInteger: Bool {
        [SQL_TINYINT, SQL_SMALLINT, SQL_INTEGER, SQL_BIGINT].contains(Int32(self.sqlType))
    }

    /// Whether it is text of any kind.
    package var isText: Bool {
        let types = [SQL_CHAR, SQL_VARCHAR, SQL_LONGVARCHAR, SQL_WCHAR, SQL_WVARCHAR, SQL_WLONGVARCHAR]
        return types.contains(Int32(self.sqlType))
    }

    /// Whether it is a decimal type.
    package var isDecimal: Bool { [SQL_DECIMAL, SQL_NUMERIC].contains(Int32(self.sqlType)) }

    /// What numbers of a decimal type stay under.
    package var bound: Double {
        (0..<max(0, self.size - self.digits)).reduce(1.0) { bound, _ in bound * 10 }
    }

    /// Whether it is a binary floating-point type.
    var isFloatingPoint: Bool {
        [SQL_REAL, SQL_FLOAT, SQL_DOUBLE].contains(Int32(self.sqlType))
    }
}

extension Statement {
    /// The columns of the open result, empty when it has none.
    func columns() throws(ODBCError) -> [ColumnDescription] {
        var count: SQLSMALLINT = 0
        try self.quick("SQLNumResultCols") { unsafe SQLNumResultCols($0.raw, &count) }
        var columns: [ColumnDescription] = []
        for index in 0..<max(count, 0) {
            let number = SQLUSMALLINT(index + 1)
            columns.append(try self.handle.isNarrow ? self.narrowColumn(number) : self.wideColumn(number))
        }
        return columns
    }

    /// The longest name that is read, in units.
    private static let nameRoom = 512

    private func wideColumn(_ number: SQLUSMALLINT) throws(ODBCError) -> ColumnDescription {
        var name = [SQLWCHAR](repeating: 0, count: Self.nameRoom)
        let room = SQLSMALLINT(name.count)
        var (length, type, digits, nullable) = (SQLSMALLINT(0), SQLSMALLINT(0), SQLSMALLINT(0), SQLSMALLINT(0))
        var size: SQLULEN = 0
        try self.quick("SQLDescribeCol") {
            unsafe SQLDescribeColW($0.raw, number, &name, room, &length, &type, &size, &digits, &nullable)
        }
        let text = String(decoding: name.prefix { $0 != 0 }, as: UTF16.self)
        return ColumnDescription(name: text, sqlType: type, size: size, digits: digits, nullable: nullable)
    }

    private func narrowColumn(_ number: SQLUSMALLINT) throws(ODBCError) -> ColumnDescription {
        var name = [SQLCHAR](repeating: 0, count: Self.nameRoom)
        let room = SQLSMALLINT(name.count)
        var (length, type, digits, nullable) = (SQLSMALLINT(0), SQLSMALLINT(0), SQLSMALLINT(0), SQLSMALLINT(0))
        var size: SQLULEN = 0
        try self.quick("SQLDescribeCol") {
            unsafe SQLDescribeCol($0.raw, number, &name, room, &length, &type, &size, &digits, &nullable)
        }
        let text = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        return ColumnDescription(name: text, sqlType: type, size: size, digits: digits, nullable: nullable)
    }
}

extension Connection {
    /// The columns of a SELECT.
    ///
    /// It is executed, since some drivers know the columns only then: give it a `WHERE 1 = 0`.
    package func describe(
        _ sql: String,
        _ parameters: [ODBCValue] = [],
        timeout: Int
    ) throws(ODBCError)
        -> [ColumnDescription]
    {
        let statement = try self.statement(timeout: timeout)
        _ = try statement.execute(sql, parameters)
        return try statement.columns()
    }
}
