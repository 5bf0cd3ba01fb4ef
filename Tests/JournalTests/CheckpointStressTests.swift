import Foundation
import Orders
import SQLite
import TestSupport
import Testing

@testable import Journal

/// Several processes that commit as fast as they can, beside the one that checkpoints as fast as it can.
///
/// SQLite 3.40.1 can lose what was committed when several connections checkpoint. With STRESS_UNGUARDED=1 the guard is taken away:
/// the writer checkpoints too, as SQLite does by default, and the daemon does so without the write lock. One writer is enough,
/// and more make it rarer on few processors: the race is between a checkpoint that has copied an old log and the commit that
/// begins a new one. Then about every second minute damages the file, which shows that this looks at the right place.
@Suite(.serialized) struct CheckpointStressTests {
    @Test func `every order whose commit returned is there, however often the daemon checkpoints`() async throws {
        let stress = try await CheckpointStress()
        try await stress.run(isEager: true)
        try await stress.expectAll()
    }

    @Test(.enabled(if: CheckpointStress.isGuarded))
    func `the log stays bounded under a load that never pauses`() async throws {
        let stress = try await CheckpointStress()
        try await stress.run(isEager: false)
        try await stress.expectAll()
        let largest = try #require(Int64(String(contentsOfFile: stress.path + ".largest", encoding: .utf8)))
        #expect(largest > Journal.largeLog / 4, "not enough of a load: \(largest) bytes")
        #expect(largest < 4 * Journal.largeLog, "\(largest) bytes")
    }
}

/// A journal in memory where there is such a file system, with a daemon and writers in processes of their own.
struct CheckpointStress {
    static let seconds = Double(ProcessInfo.processInfo.environment["STRESS_SECONDS"] ?? "") ?? 2
    static let isGuarded = ProcessInfo.processInfo.environment["STRESS_UNGUARDED"] == nil
    static let writers = Self.isGuarded ? 3 : 1

    private let folder: TemporaryFolder
    let path: String

    init() async throws {
        self.folder = try TemporaryFolder(in: URL(filePath: "/dev/shm"))
        self.path = self.folder.file("journal.sqlite")
        let journal = Journal(path: self.path, role: .daemon)
        try await journal.open(now: 0)
        await journal.close()
    }

    /// Lets all work until the time is up; an eager daemon checkpoints all the time, another when it finds it due.
    func run(isEager: Bool) async throws {
        await withTaskGroup { group in
            group.addTask {
                await #expect(processExitsWith: .success) { [path = self.path as String, isEager = isEager as Bool] in
                    try await Self.checkpoint(path, isEager: isEager)
                }
            }
            for number in 1...Self.writers {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = self.path as String, number = number as Int] in
                        try await Self.write(path, number: number)
                    }
                }
            }
        }
    }

    /// What else runs on the machine comes first.
    private static func standBack() { _ = nice(19) }

    private static func checkpoint(_ path: String, isEager: Bool) async throws {
        Self.standBack()
        let journal = Journal(path: path, role: .daemon)
        try await journal.open(now: 0)
        let end = ContinuousClock.now + .seconds(Self.seconds)
        var largest: Int64 = 0
        while ContinuousClock.now < end {
            largest = max(largest, journal.logSize())
            if !Self.isGuarded {
                try await journal.writeUnnamed("PRAGMA wal_checkpoint(PASSIVE)")
            } else if isEager {
                _ = try await journal.checkpoint()
            } else {
                try await journal.tendLog(now: 0)
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        try String(largest).write(toFile: path + ".largest", atomically: true, encoding: .utf8)
    }

    /// Enqueues one order a commit, and notes each whose commit returned.
    private static func write(_ path: String, number: Int) async throws {
        Self.standBack()
        let notes = path + ".\(number)"
        _ = FileManager.default.createFile(atPath: notes, contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: notes))
        let end = ContinuousClock.now + .seconds(Self.seconds)
        var order = number * 10_000_000
        while ContinuousClock.now < end {
            // A run of enqueue opens, commits and goes.
            let journal = Journal(path: path, role: .enqueue)
            try await journal.open(now: 0)
            if !Self.isGuarded { try await journal.writeUnnamed("PRAGMA wal_autocheckpoint = 5") }
            for _ in 0..<25 {
                try await journal.enqueue([.test(order)])
                try file.write(contentsOf: Data("\(OrderKey.test(order))\n".utf8))
                order += 1
            }
            await journal.close()
        }
    }

    func expectAll() async throws {
        let journal = Journal(path: self.path, role: .daemon)
        try await journal.open(now: 0)
        let damage = try await journal.integrityCheck()
        #expect(damage == [], "\(damage.count) findings of damage: \(damage.prefix(3).joined(separator: "; "))")
        let kept = Set(try await journal.values("SELECT order_key FROM ledger"))
        for number in 1...Self.writers {
            let noted = try String(contentsOfFile: self.path + ".\(number)", encoding: .utf8).split(separator: "\n")
            let lost = noted.filter { !kept.contains(.text(String($0))) }
            #expect(!noted.isEmpty && lost.isEmpty, "\(lost.count) of \(noted.count) commits are lost")
            print("writer \(number): \(noted.count) commits, \(lost.count) lost")
        }
    }
}
