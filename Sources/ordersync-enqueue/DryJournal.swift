import Foundation
import Journal
import OrdersyncConfiguration
import ProgramSupport

/// The journal of a run.
///
/// A dry run where there is none yet compares with an empty one, and leaves nothing behind.
enum DryJournal {
    /// Opens the journal, lends it, and closes it.
    static func with<Value: Sendable>(
        _ configuration: Configuration,
        isDry: Bool,
        role: Journal.Role = .enqueue,
        _ body: (Journal) async throws -> Value
    ) async throws -> Value {
        var configuration = configuration
        var folder: URL?
        if isDry, !FileManager.default.fileExists(atPath: configuration.journal.path) {
            let url = FileManager.default.temporaryDirectory.appending(component: "ordersync-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            configuration.journal.path = url.appending(component: "journal.sqlite").path
            folder = url
        }
        defer { if let folder { try? FileManager.default.removeItem(at: folder) } }
        return try await Wiring.withJournal(configuration, role: role, body)
    }
}
