import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

extension Check {
    /// Makes the board's column for the orders' keys, and tells what to write into the configuration.
    func makeKeyColumn() async throws {
        let configuration = try self.options.load(for: .daemon)
        let settings = try Wiring.settings(configuration)
        let outcome = try await Wiring.withJournal(configuration, role: .enqueue) { journal in
            // Two at once would make two columns.
            let lock = try await journal.runLock(waiting: .seconds(30))
            defer { withExtendedLifetime(lock) {} }
            return try await Wiring.withMonday(configuration) { monday in
                try await KeyColumnMaker(
                    journal: journal,
                    client: monday.client,
                    pacer: monday.pacer,
                    board: settings.board,
                    configured: settings.keyColumn,
                    timing: settings.timing
                ).run()
            }
        }
        guard !self.json else { return Terminal.say([try JSONOutput.text(outcome)]) }
        let found = outcome.made ? "made on" : "is on"
        var lines = ["column \(outcome.column) \(found) board \(outcome.board)"]
        if outcome.column != settings.keyColumn {
            lines += ["into the configuration:", "", "monday:", "  external_key_column: \(outcome.column)"]
        }
        Terminal.say(lines)
    }
}
