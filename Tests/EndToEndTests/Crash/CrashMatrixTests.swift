import CrashPoints
import TestSupport
import Testing

/// Every program dies at every point once, is started again, and goes on.
@Suite struct CrashMatrixTests {
    /// Points that no course comes by, and why.
    static let beyond: [CrashPoint: String] = [
        .heartbeat: "leases are for a task that hangs in a daemon that lives",
        .reclaim: "leases are for a task that hangs in a daemon that lives",
        .alarmsSeen: "no program acknowledges alarms",
        .columnIntent: "the key column is made once, by a person: see KeyColumnTests",
        .retire: "no course takes orders away from the source yet",
    ]

    @Test("every point is passed by a course, on both sides")
    func everyPoint() async throws {
        let references = try await CrashReferences.shared.all()
        for point in CrashPoint.allCases {
            let passed = CrashPoint.Side.allCases.filter { side in
                references.contains { $0.passings["\(point.rawValue):\(side.rawValue)"] != nil }
            }
            let courses = references.filter { $0.passings["\(point.rawValue):before"] != nil }.map(\.course.rawValue)
            print("crash point \(point.rawValue): \(courses.isEmpty ? "none" : courses.joined(separator: ", "))")
            #expect(passed.count == (Self.beyond[point] == nil ? 2 : 0), "\(point) is passed on the sides \(passed)")
        }
    }

    @Test("killed there, started again and drained, all is as if nothing had happened", arguments: CrashCase.all)
    func crash(_ crash: CrashCase) async throws {
        let references = try await CrashReferences.shared.all()
        let reference = try #require(references.first { $0.passings[crash.place] != nil })
        let end = try await reference.course.run(crash.spec(passings: reference.passings[crash.place] ?? 1))
        #expect(end.deaths == 1)
        #expect(end.picture == reference.picture, "\(end.picture.difference(from: reference.picture))")
    }
}

/// One way to die.
struct CrashCase: Sendable, CustomTestStringConvertible {
    let point: CrashPoint
    let side: CrashPoint.Side
    /// By SIGKILL, at the last passing; else by `abort`, at the first.
    let isKill: Bool

    var place: String { "\(self.point.rawValue):\(self.side.rawValue)" }
    var testDescription: String {
        self.place + (self.isKill ? ", SIGKILL at the last passing" : ", abort at the first")
    }

    func spec(passings: Int) -> String {
        self.isKill ? "\(self.place):\(passings):kill" : "\(self.place):1"
    }

    /// By `abort` on both sides of each point, by SIGKILL after it.
    static let all: [CrashCase] = CrashPoint.allCases.filter { CrashMatrixTests.beyond[$0] == nil }.flatMap { point in
        [
            CrashCase(point: point, side: .before, isKill: false), CrashCase(point: point, side: .after, isKill: false),
            CrashCase(point: point, side: .after, isKill: true),
        ]
    }
}
