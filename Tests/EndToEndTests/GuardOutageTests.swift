import Foundation
import TestSupport
import Testing

/// The warehouse is down at the moment in which the journal is to be compared with it: nothing is created on trust.
@Suite(.serialized) struct GuardOutageTests {
    /// An installation whose warehouse is a file of its own, in a folder that can be taken away.
    private struct Apart {
        let bench: Workbench
        let folder: String
        var environment: [String: String] {
            ["ORDERSYNC_WAREHOUSE_CONNECTION": "Driver=SQLite3;Database=\(self.folder)/w.sqlite"]
        }

        init() async throws {
            self.bench = try await Workbench()
            self.folder = self.bench.folder.file("warehouse")
            try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: false)
            expect(0, of: try await self.run("ordersyncd", "migrate"))
        }

        func run(_ program: String, _ arguments: String...) async throws -> Program.Outcome {
            try await self.bench.run(program, arguments, environment: self.environment)
        }

        func takeAway() throws { try FileManager.default.moveItem(atPath: self.folder, toPath: self.folder + ".away") }
        func bringBack() throws { try FileManager.default.moveItem(atPath: self.folder + ".away", toPath: self.folder) }
    }

    @Test("a sound journal waits for the warehouse, creates nothing meanwhile, and goes on by itself")
    func sound() async throws {
        let apart = try await Apart()
        expect(0, of: try await apart.run("ordersync-enqueue", "--po", "4755"))
        try apart.takeAway()
        let service = try Service(apart.bench, environment: apart.environment)
        try await service.expectReady()
        try await service.expectStatus("paused (warehouse_unreachable")
        #expect(try await apart.bench.sandbox.log().isEmpty)
        try apart.bringBack()
        try await service.expectItems(69, on: apart.bench)
        try await service.expectStatus("idle: 0 in work, 0 ready")
        try await service.stop()
        #expect(try apart.bench.journal("SELECT DISTINCT state || errors FROM job") == ["done0"])
    }

    @Test(
        "a lost journal is not filled anew behind the warehouse's back: the comparison comes first, whenever it comes"
    )
    func lost() async throws {
        let apart = try await Apart()
        let known = ["--po", "4755"]
        expect(0, of: try await apart.bench.run("ordersync-enqueue", known, environment: apart.environment))
        expect(0, of: try await apart.run("ordersyncd", "drain"))
        let before = try await apart.bench.sandbox.log().count
        apart.bench.deleteJournal()
        try apart.takeAway()
        // The run can't ask, and queues; a lost journal looks like a new one, so all is new to it.
        let enqueued = try await apart.bench.run("ordersync-enqueue", known, environment: apart.environment)
        let queued = (try? apart.bench.journal("SELECT count(*) FROM job").first) ?? "0"
        #expect(enqueued.status == 0 ? queued == "69" : queued == "0", "\(enqueued)")
        let service = try Service(apart.bench, environment: apart.environment)
        try await service.expectStatus("paused (warehouse_unreachable")
        #expect(try await apart.bench.sandbox.log().count == before)
        try apart.bringBack()
        try await service.expectStatus("paused (JOURNAL_", "--rebuild-ledger")
        try await service.stop()
        #expect(try await apart.bench.sandbox.log().count == before)
        #expect(try await apart.bench.board().items.count == 69)
        // As the status says.
        expect(0, of: try await apart.run("ordersync-enqueue", "--rebuild-ledger"))
        expect(0, "unchanged 69", of: try await apart.run("ordersync-enqueue", "--po", "4755"))
        expect(0, of: try await apart.run("ordersyncd", "drain"))
        #expect(try await apart.bench.board().items.count == 69)
    }
}
