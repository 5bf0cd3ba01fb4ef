import TestSupport
import Testing

@testable import ODBC

@Suite struct InsertTests {
    let connection: Connection
    private let database: TestDatabase
    private let insert = "INSERT INTO t (a, b) VALUES (?, ?)"

    init() throws {
        self.database = try TestDatabase()
        self.connection = try self.database.connect()
        try self.connection.execute("CREATE TABLE t (a INTEGER UNIQUE, b NVARCHAR(50))", timeout: 60)
    }

    @Test("all rows of all sets are stored and counted", arguments: [1, 3, 500])
    func sets(rowsPerSet: Int) throws {
        let rows = self.connection.inserter(
            self.insert,
            columns: [.integer, .text(size: 50)],
            rowsPerSet: rowsPerSet,
            timeout: 60
        )
        try self.connection.transaction(timeout: 60) {
            for number in 0..<1001 {
                rows.setInteger(0, Int64(number))
                try rows.setText(1, "row \(number)")
                try rows.endRow()
            }
            try rows.finish()
            try rows.finish()
        }
        #expect(rows.sent == 1001)
        #expect(rows.affected == 1001)
        #expect(try cell(self.connection, "SELECT count(*) FROM t WHERE b = 'row ' || a") == "1001")
    }

    @Test("a value that is not set is NULL, whatever stood there in the set before")
    func unset() throws {
        let rows = self.connection.inserter(
            self.insert,
            columns: [.integer, .text(size: 50)],
            rowsPerSet: 2,
            timeout: 60
        )
        for number in 0..<6 {
            rows.setInteger(0, Int64(number))
            if number < 3 { try rows.setText(1, "set") }
            try rows.endRow()
        }
        try rows.finish()
        #expect(
            try cell(self.connection, "SELECT group_concat(coalesce(b, '-')) FROM t ORDER BY a") == "set,set,set,-,-,-"
        )
    }

    @Test(
        "long texts, and one larger than all the memory allowed, are stored whole",
        arguments: [5_000, 20_000, 1 << 20]
    )
    func longTexts(memory: Int) throws {
        let rows = self.connection.inserter(
            self.insert,
            columns: [.integer, .text(size: 0)],
            rowsPerSet: 100,
            memory: memory,
            timeout: 60
        )
        let lengths = (0..<300).map { [0, 31, 33, 200, 90, 1, 2_000, 40][$0 % 8] } + [100_000, 5, 700_000, 6]
        try self.connection.transaction(timeout: 60) {
            for (number, length) in lengths.enumerated() {
                rows.setInteger(0, Int64(number))
                try rows.setText(1, String(repeating: number % 2 == 0 ? "x" : "ß", count: length))
                try rows.endRow()
            }
            try rows.finish()
        }
        #expect(rows.affected == lengths.count)
        var found: [Int] = []
        try self.connection.query("SELECT length(b) FROM t ORDER BY a", timeout: 60) { row throws in
            found.append(Int(try row.integer(0) ?? -1))
        }
        #expect(found == lengths)
        let marks = "SELECT count(*) FROM t WHERE replace(b, CASE a % 2 WHEN 0 THEN 'x' ELSE 'ß' END, '') <> ''"
        #expect(try cell(self.connection, marks) == "0")
    }

    @Test("a set with a bad row fails, and leaves nothing when its transaction is rolled back")
    func badRow() throws {
        let error = thrown {
            try self.connection.transaction(timeout: 60) {
                let rows = self.connection.inserter(self.insert, columns: [.integer, .text(size: 50)], timeout: 60)
                for number in [1, 2, 1, 3, 4] {
                    rows.setInteger(0, Int64(number))
                    try rows.setText(1, "SECRET-\(number)")
                    try rows.endRow()
                }
                try rows.finish()
            }
        }
        #expect(error?.native == 19)
        #expect(error?.description.contains("SECRET") == false)
        #expect(try cell(self.connection, "SELECT count(*) FROM t") == "0")
        // The same statement works after that.
        let rows = self.connection.inserter(self.insert, columns: [.integer, .text(size: 50)], timeout: 60)
        rows.setInteger(0, 7)
        try rows.endRow()
        try rows.finish()
        #expect(try cell(self.connection, "SELECT a FROM t") == "7")
    }

    @Test("an UPDATE over a set of rows tells how many it met")
    func update() throws {
        try self.connection.execute("INSERT INTO t (a) VALUES (1), (3), (5), (7)", timeout: 60)
        let (marks, keys) = (ParameterColumn(.text(size: 50), rows: 4), ParameterColumn(.integer, rows: 4))
        for (row, key) in [3, 99, 5, 100].enumerated() {
            marks.setText(row, "met")
            keys.setInteger(row, Int64(key))
        }
        let sql = "UPDATE t SET b = ? WHERE a = ?"
        #expect(try self.connection.insertArray(sql, columns: [marks, keys], rows: 4, timeout: 60) == 2)
        #expect(try cell(self.connection, "SELECT group_concat(a) FROM t WHERE b = 'met'") == "3,5")
    }

    @Test("a value of another kind than its column's is refused")
    func wrongKind() throws {
        let column = ParameterColumn(.integer, rows: 1)
        #expect(thrown { try column.set(0, .text("1")) }?.state == "07006")
    }

    @Test("a statement keeps room for the statuses of its longest set")
    func room() throws {
        let statement = try Statement(self.connection.link, timeout: 60)
        let long = statement.report(rows: 61)
        #expect(statement.report(rows: 1) === long)
        #expect(statement.report(rows: 62).capacity == 62)
    }

    @Test(
        "sets of changing length are told right by a T-SQL server's driver, and harm no memory",
        .enabled(if: Backend.server != nil, "needs ORDERSYNC_TEST_SQLSERVER"),
        .onServer
    )
    func lengths() throws {
        let connection = try Connection(connectionString: try #require(ServerDatabase.given))
        try connection.execute("CREATE TABLE #t (a INT CHECK (a >= 0))", timeout: 60)
        func insert(_ rows: Int, bad: Int? = nil) throws {
            let column = ParameterColumn(.integer, rows: rows)
            for row in 0..<rows { column.setInteger(row, row == bad ? -1 : Int64(row)) }
            try connection.transaction(timeout: 60) {
                let sql = "INSERT INTO #t (a) VALUES (?)"
                _ = try connection.insertArray(sql, columns: [column], rows: rows, timeout: 60)
            }
        }
        // The C library keeps the sizes of what comes behind a set of one where these sets' last statuses would lie.
        for rows in [[Int]](repeating: [61, 1, 45, 1, 29, 1, 13, 1], count: 50).flatMap(\.self) { try insert(rows) }
        for rows in [13, 1, 64, 2] {
            try insert(20)
            #expect(throws: ODBCError.self) { try insert(rows, bad: rows / 2) }
        }
        #expect(try cell(connection, "SELECT COUNT(*) FROM #t") == "7680")
    }
}
