import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

extension Check {
    /// Reads the journal from end to end and tells what was found.
    func examine(_ configuration: Configuration) async throws {
        let examination = try await Wiring.withJournal(configuration, role: .reader) { try await $0.examine() }
        try self.tell(JournalFindings.all(examination, path: configuration.journal.path))
    }
}
