import ODBC
import Testing

@Suite struct CursorTests {
    let connection: Connection
    private let database: TestDatabase

    init() throws {
        self.database = try TestDatabase()
        self.connection = try self.database.connect()
        try self.connection.execute("CREATE TABLE t (a INTEGER, b NVARCHAR(50), c FLOAT, d DATE)", timeout: 60)
    }

    @Test("all rows come, in blocks, the last one shorter", arguments: [1, 7, 100, 5000])
    func blocks(rowsPerBlock: Int) throws {
        let count = 1234
        let rows = self.connection.inserter(
            "INSERT INTO t (a, b, c, d) VALUES (?, ?, ?, ?)",
            columns: [.integer, .text(size: 50), .double, .date],
            timeout: 60
        )
        try self.connection.transaction(timeout: 60) {
            for number in 0..<count {
                rows.setInteger(0, Int64(number))
                try rows.setText(1, number % 3 == 0 ? nil : "ä\(number)")
                rows.setDouble(2, Double(number) / 8)
                try rows.setDate(3, "2025-02-28")
                try rows.endRow()
            }
            try rows.finish()
        }
        let cursor = try self.connection.cursor(
            "SELECT a, b, c, d FROM t WHERE a >= ? ORDER BY a",
            [.integer(10)],
            columns: [.integer, .text(units: 3), .double, .text(units: 10)],
            rowsPerBlock: rowsPerBlock,
            timeout: 60
        )
        var number = 10
        while case let rows = try cursor.nextBlock(), rows > 0 {
            for row in 0..<rows {
                let text = number % 3 == 0 ? nil : "ä\(number)"
                #expect(cursor.int64(row, 0) == Int64(number))
                #expect(cursor.text(row, 1) == text.map { String($0.prefix(3)) })
                #expect(cursor.isNull(row, 1) == (text == nil))
                #expect(cursor.isTruncated(row, 1) == (text.map { $0.count > 3 } ?? false))
                #expect(cursor.double(row, 2) == Double(number) / 8)
                #expect(cursor.text(row, 3) == "2025-02-28")
                number += 1
            }
        }
        #expect(number == count)
        #expect(try cursor.nextBlock() == 0)
    }

    @Test("a text as long as its column keeps is whole, one unit more is marked as cut")
    func truncation() throws {
        let texts = ["", "12345", "123456", "1234😀", String(repeating: "x", count: 100_000)]
        for text in texts { try self.connection.execute("INSERT INTO t (b) VALUES (?)", [.text(text)], timeout: 60) }
        let cursor = try self.connection.cursor(
            "SELECT b FROM t ORDER BY rowid",
            columns: [.text(units: 5)],
            rowsPerBlock: 10,
            timeout: 60
        )
        #expect(try cursor.nextBlock() == texts.count)
        #expect((0..<texts.count).map { cursor.isTruncated($0, 0) } == [false, false, true, true, true])
        #expect((0..<2).map { cursor.text($0, 0) } == ["", "12345"])
        #expect(cursor.text(2, 0) == "12345")
        let kept = unsafe cursor.withUTF16(4, 0) { $0.count }
        #expect(kept == 5)
    }

    @Test("a cell that holds no integer is not taken for NULL, nor for the number it begins with")
    func malformedIntegers() throws {
        let cells = [
            "9223372036854775807", "-9223372036854775808", "abc", "12abc", "1.5", "9223372036854775808", "-", nil,
        ]
        for text in cells {
            try self.connection.execute("INSERT INTO t (a) VALUES (?)", [.textOrNull(text)], timeout: 60)
        }
        let cursor = try self.connection.cursor(
            "SELECT a FROM t ORDER BY rowid",
            columns: [.integer],
            rowsPerBlock: 10,
            timeout: 60
        )
        #expect(try cursor.nextBlock() == cells.count)
        #expect((0..<cells.count).map { cursor.int64($0, 0) } == [.max, .min, nil, nil, nil, nil, nil, nil])
        #expect((0..<cells.count).map { cursor.isNull($0, 0) } == cells.map { $0 == nil })
    }

    @Test("an error in the middle is an error, not the end")
    func errorInTheMiddle() throws {
        for number in [1, 2, Int64.min, 4] {
            try self.connection.execute("INSERT INTO t (a) VALUES (?)", [.integer(number)], timeout: 60)
        }
        for rowsPerBlock in [1, 2, 3, 10] {
            let cursor = try self.connection.cursor(
                "SELECT abs(a) FROM t ORDER BY rowid",
                columns: [.integer],
                rowsPerBlock: rowsPerBlock,
                timeout: 60
            )
            let error = thrown { while try cursor.nextBlock() > 0 {} }
            #expect(error != nil, "\(rowsPerBlock) rows a block")
            cursor.close()
        }
    }

    @Test("a result with another number of columns is refused")
    func columnCount() throws {
        let error = thrown {
            _ = try self.connection.cursor("SELECT 1, 2", columns: [.integer], rowsPerBlock: 1, timeout: 60)
        }
        #expect(error?.state == "07002")
        #expect(try cell(self.connection, "SELECT 1") == "1")
    }
}
