import Testing

@testable import SyncEngine

@Suite struct WorkingLaneTests {
    @Test("a drain begins nothing more once its time is up; a service has no end")
    func deadline() {
        let drain = WorkingLane(mode: .drain(longest: 100), started: 1_000)
        #expect(drain.deadline == 1_100)
        #expect(!drain.isTimeUp(now: 1_099))
        #expect(drain.isTimeUp(now: 1_100))
        #expect(!WorkingLane(mode: .run, started: 0).isTimeUp(now: .max))
        // As long as one likes is no date that can be told.
        #expect(!WorkingLane(mode: .drain(longest: .max), started: 1_000).isTimeUp(now: .max))
    }
}
