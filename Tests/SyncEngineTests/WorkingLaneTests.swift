import Foundation
import Testing

@testable import Journal
@testable import SyncEngine

@Suite struct WorkingLaneTests {
    @Test("leases are looked at five times in the time that they last, and not while nothing is under way")
    func leases() {
        var lane = WorkingLane(mode: .run, started: 1_000)
        var due = lane.areLeasesDue(now: 9_000_000, lease: 1_000)
        #expect(!due)
        lane.batches["GREYSON"] = RunningBatch(id: UUID(), customer: "GREYSON", jobs: [], pulse: Pulse())
        for (now, isDue) in [(Int64(1_199), false), (1_200, true), (1_399, false), (1_400, true)] {
            due = lane.areLeasesDue(now: now, lease: 1_000)
            #expect(due == isDue, "\(now)")
        }
    }

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

    @Test("what a batch leaves in doubt keeps a drain until it was looked at, also while the lane is paused")
    func doubt() {
        var lane = WorkingLane(mode: .drain(longest: 100), started: 0)
        var depth = QueueDepth()
        lane.isTendingDue = false
        #expect(lane.isDoubtOver(depth))
        depth.unsettledEffects = 1
        lane.hear(Tending.NextRecovery(time: nil))
        #expect(lane.isDoubtOver(depth), "it was looked at, and is left to a person")
        lane.hearOfEnd()
        lane.hear(Tending.NextRecovery(time: nil))
        lane.isTendingDue = false
        lane.hear(nil)
        #expect(!lane.isDoubtOver(depth), "nothing was looked at since the batch ended")
        lane.hear(Tending.NextRecovery(time: 7))
        #expect(!lane.isDoubtOver(depth))
        lane.hear(Tending.NextRecovery(time: nil))
        #expect(lane.isDoubtOver(depth))
    }
}
