import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct ReplayTests {
    @Test func `a dead job is replayed once, with its errors forgotten and the deed kept`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .dead)
        let first = try await test.journal.retry(.ids([job.id]), who: "anna", why: "label made", now: 5000)
        #expect(first.changed == [job.id] && first.refused == [])
        let second = try await test.journal.retry(.ids([job.id]), who: "anna", why: "again", now: 5001)
        #expect(second.changed == [] && second.refused.map(\.reason) == [.state])
        let claimed = try await test.claimOne(now: 6000)
        #expect(claimed.errors == 0 && claimed.replays == 1)
        try await test.settle(claimed, .done, now: 7000)
        let error = try #require(try await test.journal.pendingErrors(limit: 9).first)
        #expect(error.resolution == .init(at: 7000, by: "anna"))
        let action = try #require(try await test.journal.show(job.id)?.actions.first)
        #expect(action.who == "anna" && action.why == "label made" && action.action == "retry" && action.at == 5000)
    }

    @Test func `an error row is written once and resolved once`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .dead)
        let written = try await test.journal.pendingErrors(limit: 9)
        _ = try await test.journal.discard(.ids([job.id]), who: "anna", why: "old", now: 5000)
        try await test.journal.errorsWritten(written, now: 6000)
        let resolved = try await test.journal.pendingErrors(limit: 9)
        #expect(resolved.map(\.isWritten) == [true])
        #expect(resolved.map(\.resolution) == [.init(at: 5000, by: "anna")])
        try await test.journal.errorsWritten(resolved, now: 7000)
        #expect(try await test.journal.pendingErrors(limit: 9) == [])
        #expect(try await test.journal.depth(now: 0).backlog == 0)
    }

    @Test func `a retry may be hurried`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .retry)
        #expect(try await test.journal.retry(.ids([job.id]), who: "anna", why: "now", now: 5000).changed == [job.id])
        #expect(try await test.claim(now: 5000).map(\.id) == [job.id])
    }

    @Test func `what is at work, in doubt or over is left alone`() async throws {
        let test = try await TestJournal()
        let done = try await test.bring(1, to: .done)
        let doubt = try await test.bring(2, to: .inDoubt)
        let running = try await test.bring(3, to: .running)
        let ids = JobFilter.ids([done.id, doubt.id, running.id, 999])
        let retry = try await test.journal.retry(ids, who: "anna", why: "", now: 1)
        #expect(retry.changed == [])
        #expect(Set(retry.refused.map(\.reason)) == [.state, .unsettled, .running, .unknown])
        let discard = try await test.journal.discard(ids, who: "anna", why: "", now: 1)
        #expect(discard.changed == [])
        #expect(Set(discard.refused.map(\.reason)) == [.state, .unsettled, .running, .unknown])
        #expect(try await test.journal.value("SELECT count(*) FROM replay") == 0)
    }

    @Test func `what is discarded makes way for what waits`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .retry)
        #expect(try await test.journal.discard(.ids([job.id]), who: "anna", why: "old", now: 1).changed == [job.id])
        #expect(try await test.states(1) == [.discarded])
        try await test.bring(2, to: .running)
        try await test.enqueue(.test(2, version: 2))
        let waiting = try await test.jobs(2)[1]
        #expect(
            try await test.journal.discard(.ids([waiting.id]), who: "anna", why: "old", now: 1).changed == [waiting.id]
        )
        #expect(try await test.states(2) == [.running, .discarded])
    }

    @Test func `a held job is not claimed before it is released`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .ready)
        #expect(try await test.journal.hold(.ids([job.id]), who: "anna", why: "ask", now: 1).changed == [job.id])
        #expect(try await test.claim() == [])
        #expect(try await test.journal.release(.ids([job.id]), who: "anna", why: "ok", now: 2).changed == [job.id])
        #expect(try await test.claim().map(\.id) == [job.id])
    }

    @Test func `a job in doubt or waiting is held when its turn comes`() async throws {
        let test = try await TestJournal()
        let doubt = try await test.bring(1, to: .inDoubt)
        #expect(try await test.journal.hold(.ids([doubt.id]), who: "anna", why: "ask", now: 1).changed == [doubt.id])
        let effect = try #require(try await test.journal.unsettledEffects().first)
        _ = try await test.journal.settle(effect: effect.id, outcomes: ["m0": .adopted(remoteID: 1)], now: 2)
        #expect(try await test.states(1) == [.held])

        let running = try await test.bring(2, to: .running)
        try await test.enqueue(.test(2, version: 2))
        let waiting = try await test.jobs(2)[1]
        #expect(
            try await test.journal.hold(.ids([waiting.id]), who: "anna", why: "ask", now: 1).changed == [waiting.id]
        )
        try await test.enqueue(.test(2, version: 3))
        _ = try await test.journal.settle([Settlement(job: running, result: .done)], now: 3)
        #expect(try await test.states(2) == [.done, .superseded, .held])
    }

    @Test func `filters mean exactly what they say, and are never taken for SQL`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(
            .test(1, customer: "A", po: "4755"),
            .test(2, customer: "A", po: "47551"),
            .test(3, customer: "B' OR 1=1 --", po: "4755")
        )
        func found(_ change: (inout JobFilter) -> Void) async throws -> [OrderKey] {
            var filter = JobFilter()
            change(&filter)
            return try await test.journal.list(filter).map(\.orderKey)
        }
        #expect(try await found { $0.poNumber = "4755" } == [.test(1), .test(3)])
        #expect(try await found { $0.customer = "A" } == [.test(1), .test(2)])
        #expect(try await found { $0.customer = "A CLOTHIERS" } == [.test(1), .test(2)])
        #expect(try await found { $0.customer = "B' OR 1=1 --" } == [.test(3)])
        #expect(try await found { $0.customer = "' OR 1=1 --" } == [])
        #expect(try await found { $0.orderNumber = "JOO-2" } == [.test(2)])
        #expect(try await found { $0.changedBefore = 1000 } == [])
        #expect(try await found { $0.changedBefore = 1001 }.count == 3)
        #expect(try await found { $0.limit = 2 } == [.test(1), .test(2)])
        let claim = try #require(try await test.journal.claim(limit: 1, leaseUntil: 9000, now: 2000).claim)
        #expect(try await found { $0.batch = claim.batchID } == [.test(1)])
        try await test.settle(claim.jobs[0], .dead(.label))
        #expect(try await found { $0.code = "missing_label" } == [.test(1)])
        #expect(try await found { $0.failureClass = .permanent } == [.test(1)])
        #expect(try await found { $0.failureClass = .transient } == [])
        #expect(
            try await found {
                $0.states = [.dead, .ready]; $0.customer = "A"
            } == [.test(1), .test(2)]
        )
    }

    @Test func `a filter with thousands of ids is answered in full`() async throws {
        let test = try await TestJournal()
        try await test.journal.enqueue((1...1200).map { .test($0) })
        var filter = JobFilter.ids(Array(1...1300))
        filter.limit = 2000
        #expect(try await test.journal.list(filter).count == 1200)
        let outcome = try await test.journal.hold(filter, who: "anna", why: "", now: 1)
        #expect(outcome.changed.count == 1200 && outcome.refused.count == 100)
        // A job that is named twice is one job, however far apart the names stand.
        var twice = JobFilter.ids(Array(1...1300) + Array(1...1300))
        twice.limit = 3000
        let released = try await test.journal.release(twice, who: "anna", why: "", now: 2)
        #expect(released.changed.count == 1200 && released.refused.count == 100)
    }

    @Test func `an order says what it waits for`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1), .test(2), .test(3))
        let third = try #require(try await test.journal.standing(orderKey: .test(3)))
        #expect(third.live?.state == .ready && third.ahead == 2 && third.waiting == nil)
        let job = try await test.claimOne()
        _ = try await test.send(job)
        try await test.enqueue(.test(1, version: 2))
        let first = try #require(try await test.journal.standing(orderNumber: "JOO-1").first)
        #expect(first.live?.state == .running && first.waiting != nil)
        #expect(first.open.map(\.target.kind) == [.createItem])
        #expect(try await test.journal.standing(orderNumber: "JOO-99") == [])
    }

    @Test func `the customer that is stuck longest comes first`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1, customer: "B"), now: 0)
        try await test.enqueue(.test(2, customer: "A"), .test(3, customer: "A"), now: 3_000_000)
        let standings = try await test.journal.standings(now: 3_000_000)
        #expect(standings.map(\.customer) == ["B", "A"])
        #expect(standings.map(\.ages) == [[0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0, 0, 0, 0, 0]])
        #expect(standings.map(\.states) == [[.ready: 1], [.ready: 2]])
    }
}

extension ReplayTests {
    @Test func `ages are of what goes on by itself; what waits for a person is counted beside`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .dead)
        try await test.enqueue(.test(2, customer: "Z"), now: 0)
        for (minutes, bucket) in [(4, 0), (5, 1), (9, 1), (10, 2), (1279, 8), (1280, 9), (100_000, 9)] as [(Int64, Int)]
        {
            let standings = try await test.journal.standings(now: minutes * 60_000)
            #expect(standings.map(\.customer) == ["Z", "GREYSON"])
            #expect(standings[0].ages.firstIndex(of: 1) == bucket, "\(minutes)")
            #expect(standings[1].states == [.dead: 1] && standings[1].oldest == nil && Set(standings[1].ages) == [0])
        }
    }

    @Test func `an order says its place in line, and what a person did to it`() async throws {
        let test = try await TestJournal()
        try await test.enqueue(.test(1, customer: "A"), .test(2, customer: "B"), .test(3, customer: "B"))
        let second = try #require(try await test.jobs(3).first).id
        let last = try #require(try await test.journal.standing(job: second))
        #expect(last.ahead == 1 && last.customersAhead == 1 && !last.isCustomerAtWork)
        // A has been served, so B comes first; then B is at work.
        _ = try await test.claimOne()
        #expect(try await test.journal.standing(job: second)?.customersAhead == 0)
        _ = try await test.claimOne()
        #expect(try await test.journal.standing(job: second)?.isCustomerAtWork == true)
        _ = try await test.journal.hold(.ids([second]), who: "anna", why: "prices", now: 5000)
        #expect(try await test.journal.standing(orderKey: .test(3))?.action?.why == "prices")
        #expect(try await test.journal.standing(job: 99) == nil)
    }

    @Test func `the daemon tells why it pauses, and a new start forgets it`() async throws {
        let test = try await TestJournal()
        let failure = Failure(.systemic, code: "NOT_AUTHENTICATED", message: "wrong \"token\"", httpStatus: 401)
        let pause = DaemonStanding.Pause(failure: failure, since: 1000, until: 61_000)
        try await test.journal.tell(pause: pause)
        let reader = try await test.open(.reader)
        #expect(try await reader.daemonStanding().pause == pause)
        try await test.journal.tell(pause: nil)
        #expect(try await reader.daemonStanding().pause == nil)
        try await test.journal.tell(pause: pause)
        await test.journal.close()
        try await test.journal.open(now: 1)
        _ = try await test.journal.beginEpoch(now: 7, pid: 5, host: "there")
        let daemon = try await reader.daemonStanding()
        #expect(daemon.pause == nil && daemon.startedAt == 7 && daemon.process == 5 && daemon.stoppedAt == nil)
        try await test.journal.endEpoch(now: 9)
        #expect(try await reader.daemonStanding().stoppedAt == 9)
    }

    @Test func `an empty list of ids means no job, not all`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .dead)
        #expect(try await test.journal.list(.ids([])) == [])
        #expect(try await test.journal.retry(.ids([]), who: "anna", why: "", now: 1) == ReplayOutcome())
        #expect(try await test.journal.retry(JobFilter(), who: "anna", why: "", now: 1).changed.count == 1)
    }

    @Test func `a hold outlasts a newer snapshot, and a release ends it for that one too`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .inDoubt)
        try await test.enqueue(.test(1, version: 2))
        _ = try await test.journal.hold(.ids([job.id]), who: "anna", why: "ask", now: 1)
        let effect = try #require(try await test.journal.unsettledEffects().first)
        _ = try await test.journal.settle(effect: effect.id, outcomes: ["m0": .absent], now: 2)
        #expect(try await test.states(1) == [.superseded, .held])
        _ = try await test.journal.release(JobFilter(), who: "anna", why: "ok", now: 3)
        #expect(try await test.claim().count == 1)
    }
}
