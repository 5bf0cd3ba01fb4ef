import Foundation
import ODBC
import SQLite
import TestSupport

/// Everything that one installation has, in a folder of its own: source, warehouse, journal, sandbox, configuration.
final class Workbench: Sendable {
    let folder: TemporaryFolder
    let sandbox: Sandbox
    /// Source and warehouse on a T-SQL server; nil: both in an SQLite file.
    let database: ServerDatabase?

    var source: String { self.folder.file("orders.sqlite") }
    var journal: String { self.folder.file("journal.sqlite") }
    var configuration: String { self.folder.file("ordersync.yaml") }
    var connectionString: String { self.database?.connectionString ?? "Driver=SQLite3;Database=\(self.source)" }

    /// Lays out an installation with demo orders on the database that the test runs on; the warehouse is migrated.
    ///
    /// `data` are options of the demo data's generator, `sandbox` options of the sandbox, `monday` more lines of the
    /// configuration's part of that name, `hasKeyColumn` says whether a column for the orders' keys is configured.
    convenience init(
        data: [String] = [],
        sandbox: [String] = [],
        monday: [String] = [],
        hasKeyColumn: Bool = true
    ) async throws {
        try await self.init(
            data: data,
            on: try await Sandbox(sandbox),
            database: try Backend.current.makeDatabase(),
            monday: monday,
            hasKeyColumn: hasKeyColumn
        )
        let migrated = try await self.run("ordersyncd", "migrate")
        guard migrated.status == 0 else { throw WorkbenchError(text: "migrate: \(migrated)") }
    }

    /// The same on a sandbox that is there; the warehouse is not migrated.
    ///
    /// Without `data` the source is left as it is.
    init(
        data: [String]?,
        on sandbox: Sandbox,
        database: ServerDatabase? = nil,
        monday: [String] = [],
        hasKeyColumn: Bool = true
    ) async throws {
        self.folder = try TemporaryFolder()
        self.sandbox = sandbox
        self.database = database
        if let data { try await self.generate(data) }
        let lines =
            [
                "journal:", "  path: \(self.folder.file("journal.sqlite"))",
                "source:", "  connection: \"\(self.connectionString)\"",
                "monday:",
                "  endpoint: \(self.sandbox.endpoint)",
                "  board: \(Sandbox.board)",
                "  search_lag: 200ms",
                "  execution_limit: 1s",
            ] + (hasKeyColumn ? ["  external_key_column: \(Sandbox.keyColumn)"] : []) + monday.map { "  " + $0 } + [
                "retry:", "  base: 50ms", "  cap: 500ms",
                "field_map: \(Project.path("systemd/fieldmap.yaml"))",
            ]
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: self.configuration))
    }

    /// Writes or changes the source table.
    func generate(_ options: [String]) async throws { try await self.make("generate.py", options) }

    /// Runs one of the demo data's scripts on the database.
    func make(_ script: String, _ options: [String]) async throws {
        let outcome = try await Program(
            URL(fileURLWithPath: Project.python),
            [Project.path("Tests/demo-data/\(script)")] + options
                + (self.database == nil ? ["--sqlite", self.source] : ["--server"]),
            environment: self.database.map { ["ORDERSYNC_TEST_SQLSERVER": $0.connectionString] } ?? [:]
        ).wait()
        guard outcome.status == 0 else { throw WorkbenchError(text: "\(script): \(outcome)") }
    }

    var environment: [String: String] { ["MONDAY_API_KEY": Sandbox.token] }

    /// Runs one of the programs on this installation.
    func run(
        _ program: String,
        _ arguments: String...,
        environment: [String: String] = [:]
    ) async throws
        -> Program.Outcome
    {
        try await self.run(program, arguments, environment: environment)
    }

    /// The same with a list of arguments.
    func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws
        -> Program.Outcome
    {
        try await Program.run(
            program,
            arguments + ["--config", self.configuration],
            environment: self.environment.merging(environment) { $1 }
        )
    }

    /// Starts one of the programs on this installation.
    func start(_ program: String, _ arguments: String..., environment: [String: String] = [:]) throws -> Program {
        try Program(
            Project.programs.appending(path: program),
            arguments + ["--config", self.configuration],
            environment: self.environment.merging(environment) { $1 }
        )
    }

    /// The options that name the purchase order that is known in every figure: 69 orders, 264 sizes.
    static let knownOrder = ["--customer", "GREYSON CLOTHIERS", "--po", "4755"]

    /// Enqueues that purchase order.
    func enqueueKnownOrder() async throws -> Program.Outcome {
        try await self.run("ordersync-enqueue", Self.knownOrder)
    }

    /// The first column of the rows of a query on the warehouse.
    func warehouse(_ sql: String) throws -> [String] {
        try self.database?.rows(sql) ?? Self.query(self.source, sql)
    }

    /// The first column of the rows of a query on the journal, while no program has it open.
    func journal(_ sql: String) throws -> [String] { try Self.query(self.journal, sql) }

    private static func query(_ path: String, _ sql: String) throws -> [String] {
        let database = try Database(path: path, mode: .readOnly, busyTimeoutMilliseconds: 5_000)
        return try database.query(sql) { row throws(SQLiteError) in row.text(0) ?? "NULL" }
    }

    /// What stands on the board: items by name and group, each with its columns and subitems.
    func board() async throws -> BoardPicture { BoardPicture(try await self.sandbox.state()) }

    /// Waits until the first fault of the sandbox's script has struck once.
    func meetsFault() async throws -> Bool {
        try await eventually { try await self.sandbox.state()["faults"].array.first?["hits"].integer == 1 }
    }
}

struct WorkbenchError: Error, CustomStringConvertible {
    let text: String
    var description: String { self.text }
}

extension Workbench {
    private func connect() throws -> Connection {
        let keywords = self.database == nil ? ";StepAPI=1;BigInt=1;Timeout=30000" : ""
        return try Connection(connectionString: self.connectionString + keywords)
    }

    /// The rows of a query on the warehouse: each cell that is not NULL as text, by its column.
    func rows(_ sql: String) throws -> [[String: String]] {
        var rows: [[String: String]] = []
        try self.connect().query(sql, timeout: 60) { row in
            var cells: [String: String] = [:]
            for (index, column) in row.columns.enumerated() { cells[column.name] = try row.text(index) }
            rows.append(cells)
        }
        return rows
    }

    /// Changes source and warehouse by SQL, as a load or a person would.
    func change(_ sql: String) async throws {
        guard self.database == nil else { return _ = try self.connect().execute(sql, timeout: 60) }
        let database = try Database(path: self.source, mode: .readWrite, busyTimeoutMilliseconds: 5_000)
        try database.execute(sql)
    }

    /// Gives every row of the source a new identity, as a load of it does.
    func reload() async throws {
        let identity = self.database == nil ? "lower(hex(randomblob(4))) || substr(record_uuid, 9)" : "NEWID()"
        try await self.change("UPDATE ORDERS_UNIFIED SET record_uuid = \(identity)")
    }

    /// Changes the journal by SQL, while no program has it open.
    func changeJournal(_ sql: String) async throws {
        let database = try Database(path: self.journal, mode: .readWrite, busyTimeoutMilliseconds: 5_000)
        try database.execute(sql)
    }

    private static let journalFiles = ["", "-wal", "-shm"]

    /// Loses the journal, while no program has it open.
    func deleteJournal() {
        for suffix in Self.journalFiles { try? FileManager.default.removeItem(atPath: self.journal + suffix) }
    }

    /// Copies the journal as a copied machine has it, while no program has it open.
    ///
    /// - Returns: The copy's path.
    func copyJournal(_ name: String) throws -> String {
        let path = self.folder.file("\(name).sqlite")
        for suffix in Self.journalFiles where FileManager.default.fileExists(atPath: self.journal + suffix) {
            try FileManager.default.copyItem(atPath: self.journal + suffix, toPath: path + suffix)
        }
        return path
    }

    /// Puts a copy in the journal's place.
    func restoreJournal(_ copy: String) throws {
        self.deleteJournal()
        for suffix in Self.journalFiles where FileManager.default.fileExists(atPath: copy + suffix) {
            try FileManager.default.copyItem(atPath: copy + suffix, toPath: self.journal + suffix)
        }
    }
}
