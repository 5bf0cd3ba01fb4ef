import CrashPoints
import TestSupport
import Testing

/// Every program dies at every point once, is started again, and goes on.
@Suite struct CrashMatrixTests {
    @Test("every point is passed by a course, on both sides")
    func everyPoint() async throws {
        let references = try await CrashReferences.shared.all()
        for point in CrashPoint.allCases {
            let passed = CrashPoint.Side.allCases.filter { side in
                references.contains { $0.passings["\(point.rawValue):\(side.rawValue)"] != nil }
            }
            let courses = references.filter { $0.passings["\(point.rawValue):before"] != nil }.map(\.course.rawValue)
            print("crash point \(point.rawValue): \(courses.isEmpty ? "none" : courses.joined(separator: ", "))")
            #expect(passed.count == 2, "\(point) is passed on the sides \(passed)")
        }
    }

    /// The ways to die at a point are tried beside each other, since a course is mostly a wait.
    @Test("killed there, started again and drained, all is as if nothing had happened", arguments: CrashPoint.allCases)
    func crash(_ point: CrashPoint) async throws {
        let references = try await CrashReferences.shared.all()
        try await withThrowingTaskGroup(of: Void.self) { ways in
            for crash in CrashCase.all(at: point) {
                let reference = try #require(references.first { $0.passings[crash.place] != nil })
                ways.addTask {
                    let end = try await reference.course.run(crash.spec(passings: reference.passings[crash.place] ?? 1))
                    #expect(end.deaths == 1, "\(crash)")
                    let difference = end.picture.difference(from: reference.picture)
                    #expect(difference.isEmpty, "\(crash): \(difference)")
                }
            }
            try await ways.waitForAll()
        }
    }
}

/// One way to die.
struct CrashCase: Sendable, CustomStringConvertible {
    let point: CrashPoint
    let side: CrashPoint.Side
    /// By SIGKILL, at the last passing; else by `abort`, at the first.
    let isKill: Bool

    /// Points that are passed as often as the clock will have it: whoever dies there dies at the first passing.
    static let byTheClock: Set<CrashPoint> = [.heartbeat, .reclaim]

    var place: String { "\(self.point.rawValue):\(self.side.rawValue)" }
    var description: String {
        self.place + (self.isKill ? ", SIGKILL at the last passing" : ", abort at the first")
    }

    func spec(passings: Int) -> String {
        guard self.isKill else { return "\(self.place):1" }
        return "\(self.place):\(Self.byTheClock.contains(self.point) ? 1 : passings):kill"
    }

    /// By `abort` on both sides of a point, by SIGKILL after it.
    static func all(at point: CrashPoint) -> [CrashCase] {
        [
            CrashCase(point: point, side: .before, isKill: false), CrashCase(point: point, side: .after, isKill: false),
            CrashCase(point: point, side: .after, isKill: true),
        ]
    }
}
