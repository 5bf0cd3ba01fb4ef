internal import CODBC

/// What the driver says of a column of a result.
package struct ColumnDescription: Hashable, Sendable {
    package let name: String
    /// The type's number in the standard, such as -9 for NVARCHAR.
    package let sqlType: Int16
    /// Characters or digits; 0 when the driver doesn't know or there is no bound.
    package let size: Int
    package let isNullable: Bool

    /// Whether it is one of the integer types, BIT not among them.
    package var isInteger: Bool {
        [SQL_TINYINT, SQL_SMALLINT, SQL_INTEGER, SQL_BIGINT].contains(Int32(self.sqlType))
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
        var name = [SQLWCHAR](repeating: 0, count: 512)
        for index in 0..<max(count, 0) {
            var (length, type, digits, nullable) = (SQLSMALLINT(0), SQLSMALLINT(0), SQLSMALLINT(0), SQLSMALLINT(0))
            var size: SQLULEN = 0
            let room = SQLSMALLINT(name.count)
            try self.quick("SQLDescribeCol") {
                unsafe SQLDescribeColW(
                    $0.raw,
                    SQLUSMALLINT(index + 1),
                    &name,
                    room,
                    &length,
                    &type,
                    &size,
                    &digits,
                    &nullable
                )
            }
            let text = String(decoding: name.prefix { $0 != 0 }, as: UTF16.self)
            let known = size > SQLULEN(Int32.max) ? 0 : Int(size)
            columns.append(
                ColumnDescription(name: text, sqlType: type, size: known, isNullable: nullable != SQL_NO_NULLS)
            )
        }
        return columns
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
