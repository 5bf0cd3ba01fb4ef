import Foundation
import TestSupport
import Testing

/// Commands that root runs by hand beside a service that runs as its own user.
@Suite(.serialized, .enabled(if: getuid() == 0)) struct OwnershipTests {
    /// A user that exists everywhere and owns nothing.
    private static let nobody = 65_534

    private func owner(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.ownerAccountID] as? Int
    }

    @Test("what root makes in the service's folder belongs to the service")
    func files() async throws {
        let bench = try await Workbench(data: nil, on: try await Sandbox())
        try FileManager.default.setAttributes([.ownerAccountID: Self.nobody], ofItemAtPath: bench.folder.path)
        #expect(try await bench.run("ordersyncd", "migrate").status == 0)
        #expect(try self.owner(of: bench.source) == Self.nobody)
        try await bench.generate([])
        #expect(try await bench.enqueueKnownOrder().status == 0)
        for name in ["", "-wal", "-shm", ".run"] {
            #expect(try self.owner(of: bench.journal + name) == Self.nobody, "\(name)")
        }
        expect(0, "69 orders done", of: try await bench.run("ordersyncd", "drain"))
        #expect(try self.owner(of: bench.journal + ".lock") == Self.nobody)
    }

    @Test("what belongs to somebody already, or lies in root's own folder, stays whose it is")
    func others() async throws {
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try self.owner(of: bench.journal) == 0)
        try FileManager.default.setAttributes([.ownerAccountID: Self.nobody], ofItemAtPath: bench.folder.path)
        try FileManager.default.setAttributes([.ownerAccountID: 1], ofItemAtPath: bench.journal)
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try self.owner(of: bench.journal) == 1)
    }

    @Test("a file of root's that was linked into the service's folder stays root's")
    func linked() async throws {
        let bench = try await Workbench()
        let other = bench.folder.file("other")
        try Data("root's".utf8).write(to: URL(filePath: other))
        try FileManager.default.setAttributes([.ownerAccountID: Self.nobody], ofItemAtPath: bench.folder.path)
        try FileManager.default.linkItem(atPath: other, toPath: bench.journal + ".run")
        #expect(try await bench.enqueueKnownOrder().status == 0)
        #expect(try self.owner(of: bench.journal) == Self.nobody)
        #expect(try self.owner(of: other) == 0)
    }
}
