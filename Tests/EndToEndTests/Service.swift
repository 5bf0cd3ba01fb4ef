import Foundation
import TestSupport
import Testing

/// `ordersyncd run` under a service manager of the test's own.
struct Service {
    let manager: NotifySocket
    let daemon: Program
}

extension Service {
    init(_ bench: Workbench, environment: [String: String] = [:]) throws {
        let manager = try NotifySocket()
        let daemon = try bench.start(
            "ordersyncd",
            "run",
            environment: environment.merging(["NOTIFY_SOCKET": manager.path]) { own, _ in own }
        )
        self.init(manager: manager, daemon: daemon)
    }

    /// Waits until it says that it is up.
    func expectReady(_ location: SourceLocation = #_sourceLocation) async throws {
        let ready = try await self.manager.first { $0.name == "READY" }
        #expect(ready?.value == "1", "\(self.daemon.error)", sourceLocation: location)
    }

    /// Waits for a status line that holds all of the words.
    func expectStatus(
        _ words: String...,
        within seconds: Double = 90,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let status = try await self.manager.first(within: seconds) { word in
            word.name == "STATUS" && words.allSatisfy { word.value.contains($0) }
        }
        let heard = self.manager.words().suffix(5)
        #expect(status != nil, "\(words): heard \(heard); \(self.daemon.error)", sourceLocation: location)
    }

    /// Waits until the board holds that many items.
    func expectItems(_ count: Int, on bench: Workbench, _ location: SourceLocation = #_sourceLocation) async throws {
        var found = 0
        _ = try await eventually {
            found = try await bench.board().items.count
            return found >= count
        }
        #expect(found == count, "\(self.daemon.error)", sourceLocation: location)
    }

    /// Stops it as systemd does, and expects that it goes in good order.
    ///
    /// - Returns: How it ended.
    @discardableResult
    func stop(
        within seconds: Double = 60,
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Program.Outcome? {
        self.daemon.send(signal: SIGTERM)
        let outcome = try await self.daemon.wait(within: seconds)
        let end = outcome.map { "\($0)" } ?? "still there after \(seconds) s: \(self.daemon.error)"
        #expect(outcome?.status == 0, "\(end)", sourceLocation: location)
        let words = self.manager.words()
        #expect(words.contains { $0.name == "STOPPING" && $0.value == "1" }, "\(words)", sourceLocation: location)
        return outcome
    }

    /// Seconds of processor time that it has used.
    func processorSeconds() throws -> Double {
        // proc(5): the name in parentheses may hold blanks; user and system time are the 14th and 15th field.
        let line = try String(contentsOfFile: "/proc/\(self.daemon.pid)/stat", encoding: .utf8)
        let fields = line.split(separator: ")").last.map { $0.split(separator: " ") } ?? []
        let ticks = try #require(
            fields.count > 12 ? Double(fields[11]).flatMap { user in Double(fields[12]).map { user + $0 } } : nil
        )
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
