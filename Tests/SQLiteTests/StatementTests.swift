import SQLite
import Testing

@Suite struct StatementTests {
    private let file: TestDatabase
    private let database: Database

    init() throws {
        self.file = try TestDatabase()
        self.database = try self.file.open()
    }

    @Test(
        "every value comes back as it went in",
        arguments: [
            SQLiteValue.null, .integer(.min), .integer(.max), .integer(0), .real(0.1), .real(-.infinity), .text(""),
            .text("x"), .text("GRÉYSON 👔 CLOTHIERS"), .text("a\0b"), .blob([]), .blob([0, 255, 0]),
        ]
    )
    func roundTrip(value: SQLiteValue) throws {
        try self.database.execute("CREATE TABLE any (value)")
        try self.database.run("INSERT INTO any VALUES (?)", [value])
        #expect(try self.database.first("SELECT value FROM any") { row in row.value(0) } == value)
    }

    @Test("typed reading gives nil for null only, also for empty texts and blobs")
    func typed() throws {
        let row: Void? = try self.database.first("SELECT NULL, '', x'', 42, 0.5") { row in
            #expect(row.count == 5)
            #expect(row.isNull(0) && row.text(0) == nil && row.blob(0) == nil && row.integer(0) == nil)
            #expect(row.real(0) == nil)
            #expect(row.text(1) == "" && row.blob(2) == [] && row.integer(3) == 42 && row.real(4) == 0.5)
            // A column that is not there is null.
            #expect(row.isNull(5) && row.text(5) == nil)
        }
        #expect(row != nil)
    }

    @Test("the fast path binds typed values and optionals")
    func fastPath() throws {
        try self.database.execute("CREATE TABLE fast (a INTEGER, b TEXT, c BLOB, d REAL) STRICT")
        let statement = try self.database.statement("INSERT INTO fast VALUES (?, ?, ?, ?)")
        for index in 1...100 {
            try statement.bind(1, Int64(index))
            try statement.bind(2, index.isMultiple(of: 2) ? "even" : nil)
            try statement.bind(3, [UInt8(index)])
            try statement.bind(4, Double(index) / 2)
            #expect(try statement.run() == 1)
        }
        #expect(try self.database.integer("SELECT count(b) FROM fast") == 50)
        #expect(try self.database.integer("SELECT sum(a) FROM fast WHERE d = a / 2.0") == 5050)
        #expect(try self.database.first("SELECT c FROM fast WHERE a = 100") { row in row.blob(0) } == [100])
    }

    @Test("a statement is prepared once and kept")
    func cached() throws {
        let sql = "SELECT id FROM note"
        #expect(try self.database.statement(sql) === self.database.statement(sql))
    }

    @Test("statements of ever new texts do not pile up")
    func bounded() throws {
        for number in 1...1000 { try self.database.run("SELECT \(number)") }
        #expect(try self.database.integer("SELECT count(*) FROM sqlite_stmt") ?? 0 < 300)
    }

    @Test("values that are too few or too many are refused rather than null in silence", arguments: [0, 1, 3])
    func wrongCount(count: Int) throws {
        let values = [SQLiteValue](repeating: "x", count: count)
        let error = sqliteError { try self.database.run("INSERT INTO note (id, text) VALUES (?, ?)", values) }
        #expect(error?.message == "\(count) values for a statement of 2 parameters")
    }

    @Test("a query may run itself again for each of its rows")
    func reentrant() throws {
        for text in ["a", "b", "c"] { try self.database.note(text) }
        let sql = "SELECT text FROM note ORDER BY id"
        let pairs = try self.database.query(sql) { outer throws(SQLiteError) in
            let left = outer.text(0) ?? ""
            return try self.database.query(sql) { inner in left + (inner.text(0) ?? "") }
        }
        #expect(pairs.flatMap(\.self) == ["aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc"])
    }

    @Test("a query left half way by an error neither blocks a commit nor its own next run")
    func leftHalfWay() throws {
        try self.database.note("a")
        try self.database.note("b")
        let stop = SQLiteError(code: 1, message: "stop")
        let error = sqliteError {
            _ = try self.database.query("SELECT text FROM note") { _ throws(SQLiteError) -> Int in throw stop }
        }
        #expect(error == stop)
        try self.database.immediate { try self.database.note("c") }
        #expect(try self.database.query("SELECT text FROM note") { row in row.text(0) } == ["a", "b", "c"])
    }

    @Test("a statement that failed on one row takes the next")
    func afterError() throws {
        let statement = try self.database.statement("INSERT INTO note (text) VALUES (?)")
        try statement.bind(1, "once")
        try statement.run()
        let error = sqliteError { try statement.run() }
        #expect(error?.isConstraint == true)
        #expect(error?.code == 2067)
        #expect(error?.message == "UNIQUE constraint failed: note.text")
        try statement.bind(1, "twice")
        #expect(try statement.run() == 1)
    }

    @Test("the first row of a writing statement comes back, and all of its rows are written")
    func returning() throws {
        let id = try self.database.first("INSERT INTO note (text) VALUES ('a'), ('b') RETURNING id") { row in
            row.integer(0)
        }
        #expect(id == 1)
        #expect(try self.file.open().notes() == ["a", "b"])
    }

    @Test("changed rows are counted, none when none matched")
    func changes() throws {
        try self.database.note("a")
        try self.database.note("b")
        #expect(try self.database.run("UPDATE note SET text = text || '!'") == 2)
        #expect(try self.database.run("UPDATE note SET text = '' WHERE id = 99") == 0)
    }

    @Test("a statement outlives the database object that made it")
    func outlives() throws {
        func statement() throws -> Statement {
            try self.file.open().statement("INSERT INTO note (text) VALUES ('late')")
        }
        let late = try statement()
        try late.run()
        #expect(try self.database.notes() == ["late"])
    }

    @Test("a wrong statement is an error that names the place")
    func syntaxError() {
        #expect(sqliteError { try self.database.run("SELEC 1") }?.message == "near \"SELEC\": syntax error")
        #expect(sqliteError { try self.database.run("-- nothing") }?.message == "the statement is empty")
        // SQLite would run the first and leave the second.
        let two = "INSERT INTO note (text) VALUES ('a'); DELETE FROM note"
        #expect(sqliteError { try self.database.run(two) }?.message == "more than one statement")
        #expect(sqliteError { try self.database.run("SELECT 1; SELEC 2") } != nil)
        #expect(sqliteError { try self.database.run("SELECT 1; -- one\n ;") } == nil)
    }

    @Test("a script stops at its first error, which is reported")
    func script() throws {
        let error = sqliteError {
            try self.database.execute("INSERT INTO note (text) VALUES ('a'); INSERT INTO missing VALUES (1); SELECT 1")
        }
        #expect(error?.message == "no such table: missing")
        #expect(try self.database.notes() == ["a"])
    }

    @Test("an error never carries a bound value")
    func noValues() throws {
        try self.database.note("token-4711")
        let error = sqliteError { try self.database.note("token-4711") }
        let text = try #require(error.map { "\($0) \($0.shortDescription) \(String(reflecting: $0))" })
        #expect(!text.contains("4711"))
        #expect(error?.shortDescription == "SQLite 2067: constraint failed")
    }
}
