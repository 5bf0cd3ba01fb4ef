import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

extension Check {
    /// Reads the journal from end to end and tells what was found.
    func examine(_ configuration: Configuration) async throws {
        let journal = try await Wiring.journal(configuration, role: .reader)
        do {
            let examination = try await journal.examine()
            await journal.close()
            try self.tell(JournalFindings.all(examination, path: configuration.journal.path))
        } catch {
            await journal.close()
            throw error
        }
    }
}
