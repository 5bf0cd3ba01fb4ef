import ODBC
import Testing

@Suite struct ValueTests {
    let connection: Connection
    private let database: TestDatabase

    init() throws {
        self.database = try TestDatabase()
        self.connection = try self.database.connect()
    }

    @Test(
        "a value of each kind comes back as it went in",
        arguments: [
            (ODBCValue.text("JOO-00505"), "JOO-00505"),
            (.text(""), ""),
            (.text("Größe ½ — 漢字 😀"), "Größe ½ — 漢字 😀"),
            (.integer(.max), "9223372036854775807"),
            (.integer(.min), "-9223372036854775808"),
            (.bit(true), "1"),
            (.bit(false), "0"),
            (.double(28.86), "28.86"),
            (.date("2024-02-29"), "2024-02-29"),
            (.timestamp("2025-07-01 23:59:58.1239999"), "2025-07-01 23:59:58.123"),
            (.timestamp("2025-07-01T23:59:58"), "2025-07-01 23:59:58.000"),
            (.guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"), "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ]
    )
    func roundTrip(value: ODBCValue, text: String) throws {
        #expect(try cell(self.connection, "SELECT ?", [value]) == text)
    }

    @Test("text that is part of a statement, and a column's name, keep their letters")
    func lettersInStatements() throws {
        try self.connection.execute("CREATE TABLE [Größen 漢] ([Stück 😀] TEXT)", timeout: 60)
        try self.connection.execute("INSERT INTO [Größen 漢] VALUES ('ß½漢😀')", timeout: 60)
        let names = try self.connection.describe("SELECT * FROM [Größen 漢] WHERE 1 = 0", timeout: 60).map(\.name)
        #expect(names == ["Stück 😀"])
        #expect(try cell(self.connection, "SELECT hex([Stück 😀]) FROM [Größen 漢]") == "C39FC2BDE6BCA2F09F9880")
        let error = thrown { try self.connection.execute("SELECT * FROM [Läßt]", timeout: 60) }
        #expect(error?.description.contains("Läßt") == true)
    }

    @Test(
        "NULL of each kind comes back as NULL",
        arguments: [
            ParameterType.text(size: 10), .text(size: 0), .integer, .double, .bit, .date, .timestamp, .guid,
        ]
    )
    func nulls(type: ParameterType) throws {
        #expect(try cell(self.connection, "SELECT ?", [.null(type)]) == nil)
        #expect(try cell(self.connection, "SELECT typeof(?)", [.null(type)]) == "null")
    }

    @Test("a text of any length comes back whole", arguments: [4_094, 4_095, 4_096, 8_190, 1_000_001])
    func longText(length: Int) throws {
        try self.connection.execute("CREATE TABLE t (a TEXT)", timeout: 60)
        // Pairs of surrogates, so that some piece ends in the middle of one.
        for text in [String(repeating: "x", count: length), "x" + String(repeating: "😀", count: length / 2)] {
            try self.connection.execute("DELETE FROM t", timeout: 60)
            try self.connection.execute("INSERT INTO t VALUES (?)", [.text(text)], timeout: 60)
            #expect(try cell(self.connection, "SELECT a FROM t") == text)
        }
    }

    @Test(
        "what is no date or timestamp is refused before it is sent",
        arguments: [
            ODBCValue.date("2025-02-29"), .date("2025-13-01"), .date("01/02/2025"), .date("2025-01-01 00:00:00"),
            .timestamp("2025-01-01 24:00:00"), .timestamp("2025-01-01 00:00:00."), .timestamp(""),
        ]
    )
    func badMoments(value: ODBCValue) throws {
        let error = thrown { _ = try cell(self.connection, "SELECT ?", [value]) }
        #expect(error?.state == "22007")
    }

    @Test("cells are read in any order, and as often as one likes")
    func anyOrder() throws {
        try self.connection.query("SELECT 'a', 2, NULL, 0.5", timeout: 60) { row throws in
            let (fourth, third, second) = (try row.double(3), try row.isNull(2), try row.integer(1))
            let (first, again) = (try row.text(0), try row.text(3))
            #expect(fourth == 0.5)
            #expect(third)
            #expect(second == 2)
            #expect(first == "a")
            #expect(again == "0.5")
        }
    }

    @Test("text where an integer is asked for is an error, never a guess", arguments: ["abc", "12abc", "1.5", "0x1f"])
    func notAnInteger(text: String) throws {
        try self.connection.execute("CREATE TABLE t (a INTEGER)", timeout: 60)
        try self.connection.execute("INSERT INTO t VALUES (?)", [.text(text)], timeout: 60)
        let error = thrown {
            try self.connection.query("SELECT a FROM t", timeout: 60) { row throws in _ = try row.integer(0) }
        }
        #expect(error?.state == "22018")
        #expect(error?.description.contains(text) == false)
    }

    @Test("the rows an UPDATE met are told, none included")
    func affectedRows() throws {
        try self.connection.execute("CREATE TABLE t (a INTEGER)", timeout: 60)
        for number in 1...3 {
            try self.connection.execute("INSERT INTO t VALUES (?)", [.integer(Int64(number))], timeout: 60)
        }
        #expect(try self.connection.execute("UPDATE t SET a = a + 1 WHERE a > ?", [.integer(1)], timeout: 60) == 2)
        #expect(try self.connection.execute("UPDATE t SET a = 0 WHERE a > 99", timeout: 60) == 0)
    }

    @Test("a SELECT's columns are described by name and kind")
    func describe() throws {
        try self.connection.execute(
            "CREATE TABLE t ([AAG ORDER NUMBER] NVARCHAR(100) NOT NULL, [2T] INT, big BIGINT, price FLOAT)",
            timeout: 60
        )
        let columns = try self.connection.describe("SELECT * FROM t WHERE 1 = 0", timeout: 60)
        #expect(columns.map(\.name) == ["AAG ORDER NUMBER", "2T", "big", "price"])
        #expect(columns.map(\.isInteger) == [false, true, true, false])
        #expect(columns[0].size == 100)
    }
}
