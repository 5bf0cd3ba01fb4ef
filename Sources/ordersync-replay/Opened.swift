import Journal
import OrdersyncConfiguration
import ProgramSupport

/// The journal for the length of one command: a reader that stays would keep its log from being emptied.
enum Opened {
    static func journal<Value: Sendable>(
        _ configuration: Configuration,
        role: Journal.Role,
        _ body: (Journal) async throws -> Value
    ) async throws -> Value {
        let journal = try await Wiring.journal(configuration, role: role)
        do {
            let value = try await body(journal)
            await journal.close()
            return value
        } catch {
            await journal.close()
            throw error
        }
    }
}
