import Foundation
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

extension Check {
    /// Whether the journal is the one that fills the board; nothing where there is none yet, or none that can be read.
    static func comparison(_ configuration: Configuration, _ check: HealthCheck) async -> [HealthCheck.Finding] {
        guard FileManager.default.fileExists(atPath: configuration.journal.path) else { return [] }
        let finding = try? await Wiring.withJournal(configuration, role: .reader) { await check.check($0) }
        return finding.map { [$0] } ?? []
    }
}
