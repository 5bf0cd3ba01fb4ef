import Foundation
import TestSupport
import Testing

@testable import CrashPoints

@Suite struct CrashOrderTests {
    @Test("the place to die is read from its words")
    func words() throws {
        let order = try #require(CrashOrder("journal.claim:after:2:kill"))
        #expect(order.point == .claim && order.side == .after && order.passing == 2 && order.isKill)
        let usual = try #require(CrashOrder("monday.mutation:before"))
        #expect(usual.point == .mutation && usual.side == .before && usual.passing == 1 && !usual.isKill)
    }

    @Test(
        "words that name no place are refused",
        arguments: [
            "", "journal.claim", "nowhere:before", "journal.claim:between", "journal.claim:after:0", "a:b:c:d:e",
        ]
    )
    func nonsense(words: String) {
        #expect(CrashOrder(words) == nil)
    }

    @Test("a process dies at the passing that was ordered, by abort or by SIGKILL")
    func dies() async {
        await #expect(processExitsWith: .signal(SIGABRT)) {
            unsafe setenv("CRASH_AT", "journal.claim:after:2", 1)
            CrashPoint.claim.pass(.after)
            CrashPoint.claim.pass(.before)
            CrashPoint.settle.pass(.after)
            CrashPoint.claim.pass(.after)
            exit(0)
        }
        await #expect(processExitsWith: .signal(SIGKILL)) {
            unsafe setenv("CRASH_AT", "journal.claim:after:1:kill", 1)
            CrashPoint.claim.pass(.after)
            exit(0)
        }
        await #expect(processExitsWith: .exitCode(0)) {
            unsafe setenv("CRASH_AT", "journal.claim:after:2", 1)
            CrashPoint.claim.pass(.after)
            exit(0)
        }
    }

    @Test("a build for release passes every point, whatever its environment says")
    func release() async throws {
        let folder = try TemporaryFolder()
        let main = folder.file("main.swift")
        try Data("for point in CrashPoint.allCases { point.pass(.before) }; print(\"alive\")".utf8)
            .write(to: URL(fileURLWithPath: main))
        let sources = try FileManager.default.contentsOfDirectory(atPath: Project.path("Sources/CrashPoints"))
            .map { Project.path("Sources/CrashPoints/\($0)") }
        for (flags, end) in [([], (Int32(0), "alive\n")), (["-D", "CRASH_POINTS"], (128 + SIGABRT, ""))] {
            let program = folder.file("program")
            let built = try await Program(
                URL(fileURLWithPath: "/usr/bin/env"),
                ["swiftc", "-O", "-package-name", "points", "-o", program, main] + flags + sources,
                environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
            ).wait()
            #expect(built.status == 0, "\(built)")
            let outcome = try await Program(
                URL(fileURLWithPath: program),
                [],
                environment: ["CRASH_AT": "journal.claim:before"]
            ).wait()
            #expect(outcome.status == end.0 && outcome.output == end.1, "\(outcome)")
        }
    }
}
