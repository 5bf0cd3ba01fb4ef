import ODBC
import TestSupport
import Testing

@Suite struct ArrayTests {
    let folder: TemporaryFolder
    let connection: Connection

    init() throws {
        self.folder = try TemporaryFolder()
        self.connection = try Connection(
            connectionString: "Driver=SQLite3;Database=\(self.folder.file("a.db"));StepAPI=1;"
        )
    }

    @Test func `rows inserted as an array come back in blocks`() throws {
        try self.connection.execute("CREATE TABLE t (a INTEGER, b NVARCHAR(50), c FLOAT, d DATE)", timeout: 5)
        let count = 1234
        try self.connection.transaction(timeout: 5) {
            let rows = self.connection.inserter(
                "INSERT INTO t VALUES (?, ?, ?, ?)",
                columns: [.integer, .text(size: 50), .double, .date],
                timeout: 5
            )
            for number in 0..<count {
                rows.setInteger(0, Int64(number))
                try rows.setText(1, number % 3 == 0 ? nil : "ä\(number)")
                rows.setDouble(2, Double(number) / 8)
                try rows.setDate(3, "2025-02-28")
                try rows.endRow()
            }
            try rows.finish()
            #expect(rows.sent == count)
            #expect(rows.affected == count)
        }
        let cursor = try self.connection.cursor(
            "SELECT a, b, c, d FROM t WHERE a >= ? ORDER BY a",
            [.integer(10)],
            columns: [.integer, .text(units: 3), .double, .text(units: 10)],
            rowsPerBlock: 100,
            timeout: 5
        )
        var number = 10
        while true {
            let rows = try cursor.nextBlock()
            guard rows > 0 else { break }
            for row in 0..<rows {
                #expect(cursor.int64(row, 0) == Int64(number))
                let text = number % 3 == 0 ? nil : "ä\(number)"
                #expect(cursor.text(row, 1) == text.map { String($0.prefix(3)) })
                #expect(cursor.isTruncated(row, 1) == (text.map { $0.count > 3 } ?? false))
                #expect(cursor.double(row, 2) == Double(number) / 8)
                #expect(cursor.text(row, 3) == "2025-02-28")
                number += 1
            }
        }
        #expect(number == count)
    }
}
