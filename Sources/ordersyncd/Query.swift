import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Asks the journal whatever a person wants to know.
struct Query: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the journal by a SELECT of your own; nothing can be changed by it.",
        usage: "ordersyncd query [<options>] <sql>",
        discussion: """
            The journal must not be opened by other programs, sqlite3 among them: this is the way to look. The tables are \
            explained where they are made, which `SELECT sql FROM sqlite_schema` shows. Times are milliseconds in UTC.

            EXAMPLES
              ordersyncd query "SELECT state, count(*) FROM job GROUP BY state"
              ordersyncd query "SELECT * FROM run ORDER BY id DESC LIMIT 5" --json
              ordersyncd query "SELECT datetime(at_ms / 1000, 'unixepoch') AS at, who, action,
                why FROM replay ORDER BY id DESC"
            """
    )

    @Argument(help: ArgumentHelp("One SELECT, or WITH, VALUES, EXPLAIN.", valueName: "sql"))
    var sql: String

    @Option(name: .long, help: ArgumentHelp("Show at most this many rows; 0 for all.", valueName: "count"))
    var limit = 1_000

    @Option(name: .long, help: ArgumentHelp("The longest it may take, such as 5m.", valueName: "duration"))
    var timeout = "1m"

    @Flag(name: .long, help: "Print an object: rows, columns by name, and isCut when there are more.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    mutating func validate() throws {
        if self.limit < 0 { throw ValidationError("--limit must not be negative") }
        guard let longest = Duration(spelled: self.timeout), longest > .zero else {
            throw ValidationError("--timeout must be a whole number with ms, s, m, h or d, such as 5m")
        }
    }

    func run() async throws {
        try await Reporting.run("ordersyncd") {
            let configuration = try self.options.load(for: .replay)
            let answer = try await Wiring.withJournal(configuration, role: .reader) { journal in
                try await journal.query(
                    self.sql,
                    limit: self.limit == 0 ? .max : self.limit,
                    longest: Duration(spelled: self.timeout) ?? .seconds(60)
                )
            }
            Terminal.say(try self.lines(answer))
            if answer.isCut, !self.json { Terminal.complain("and more: use --limit, or narrow the query\n") }
        }
    }

    private func lines(_ answer: QueryAnswer) throws -> [String] {
        self.json
            ? [try JSONOutput.text(QueryForm(answer))]
            : QueryText.lines(answer, width: Terminal.outputWidth)
    }
}
