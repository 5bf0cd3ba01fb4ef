import Foundation
import TestSupport
import Testing

/// A small installation whose programs die once, at one point, and are then started again.
final class CrashBench {
    let bench: Workbench
    private(set) var deaths = 0
    private var crash: String?
    private let trace: String
    /// What the course configures beside the file.
    var environment = ["ORDERSYNC_MONDAY_REMOVED_ITEMS": "recreate"]

    /// The most starts of one program until it has done its work.
    private static let mostStarts = 8

    init(_ sandbox: Sandbox, hasKeys: Bool, crash: String?) async throws {
        self.bench = try await Workbench(
            data: ["--rows", "4", "--no-known", "--customers", "2", "--sizes", "2"],
            on: sandbox,
            monday: ["recheck: 0s"],
            hasKeyColumn: hasKeys
        )
        self.crash = crash
        self.trace = self.bench.folder.file("trace")
    }

    /// Runs a program until it ends as it should; where it dies, and where it says that work is left, it is started again.
    ///
    /// - Returns: What it wrote to standard output when it did.
    @discardableResult
    func run(_ program: String, _ arguments: String..., ending: Set<Int32> = [0]) async throws -> String {
        for _ in 0..<Self.mostStarts {
            var environment = self.environment
            environment["CRASH_TRACE"] = self.trace
            environment["CRASH_AT"] = self.crash
            let outcome = try await self.bench.run(program, arguments, environment: environment)
            if ending.contains(outcome.status) { return outcome.output }
            switch outcome.status {
            case 128 + SIGABRT, 128 + SIGKILL:
                #expect(self.crash != nil, "died, but not by order: \(outcome)")
                self.crash = nil
                self.deaths += 1
            case 75: break
            default:
                Issue.record("\(program) \(arguments): \(outcome)")
                return ""
            }
        }
        Issue.record("\(program) \(arguments) does not come to its end")
        return ""
    }

    /// Runs a program that dies at a point of the course's own.
    func die(_ program: String, _ arguments: String..., at place: String) async throws {
        let outcome = try await self.bench.run(program, arguments, environment: ["CRASH_AT": place])
        #expect(outcome.status == 128 + SIGABRT, "\(outcome)")
    }

    /// How often each side of each point was passed so far, by the one process that passed it most often.
    var passings: [String: Int] {
        let lines = (try? String(contentsOfFile: self.trace, encoding: .utf8))?.split(separator: "\n") ?? []
        let counts = Dictionary(lines.map { ($0, 1) }, uniquingKeysWith: +)
        return Dictionary(
            counts.map { (String($0.key.drop { $0 != " " }.dropFirst()), $0.value) },
            uniquingKeysWith: max
        )
    }
}

/// Sandboxes that are used by one test after another, since each takes a second to start.
actor CrashSandboxes {
    static let shared = CrashSandboxes()

    private var free: [Sandbox] = []

    func lend<T: Sendable>(_ body: @Sendable (Sandbox) async throws -> T) async throws -> T {
        let sandbox = try await self.take()
        let result = try await body(sandbox)
        self.free.append(sandbox)
        return result
    }

    private func take() async throws -> Sandbox {
        guard let sandbox = self.free.popLast() else { return try await Sandbox() }
        try await sandbox.reset()
        return sandbox
    }
}
