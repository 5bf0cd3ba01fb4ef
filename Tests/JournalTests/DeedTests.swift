import Orders
import SQLite
import Testing

@testable import Journal

@Suite struct DeedTests {
    private static let states: [JobState] = [.ready, .running, .retry, .inDoubt, .dead, .held, .done]

    @Test(arguments: Deed.allCases) func `a dry run says what the command then does, of every job`(
        deed: Deed
    ) async throws {
        let test = try await TestJournal()
        var ids: [Int64] = [4711]
        for (number, state) in Self.states.enumerated().reversed() {
            ids.append(try await test.bring(number, to: state).id)
        }
        try await test.enqueue(.test(1, version: 2))
        ids.append(try await test.jobs(1)[1].id)
        let forecast = try await test.journal.forecast(deed, on: .ids(ids))
        let outcome = try await test.journal.perform(deed, on: .ids(ids), who: "me", why: "", now: 5000)
        #expect(forecast.jobs.map(\.id) == outcome.changed)
        #expect(forecast.refused == outcome.refused)
        let changed = try await test.journal.list(.ids(ids)).filter { outcome.changed.contains($0.id) }
        let becomes: Set<JobState> =
            switch deed {
            case .retry, .release: [.ready]
            case .discard: [.discarded]
            case .hold: [.held, .inDoubt, .waiting]
            }
        #expect(!changed.isEmpty && Set(changed.map(\.state)).isSubset(of: becomes))
        #expect(try await test.journal.brokenInvariants() == [])
    }

    @Test func `a filter means the states the command is for; a job that has left them meanwhile is refused by name`()
        async throws
    {
        let test = try await TestJournal()
        let dead = try await test.bring(1, to: .dead)
        try await test.bring(2, to: .held)
        try await test.bring(3, to: .ready)
        #expect(try await test.journal.forecast(.discard, on: JobFilter()).jobs.map(\.id) == [dead.id])
        var filter = JobFilter.ids([dead.id, 3])
        filter.states = [.dead]
        let outcome = try await test.journal.perform(.retry, on: filter, who: "me", why: "", now: 1)
        #expect(outcome.changed == [dead.id])
        #expect(outcome.refused == [.init(id: 3, reason: .state)])
    }

    @Test func `a job that died and was held goes on, when it is released, as after a replay`() async throws {
        let test = try await TestJournal()
        let job = try await test.bring(1, to: .held)
        #expect(try await test.jobs(1)[0].errors == 1)
        _ = try await test.journal.release(.ids([job.id]), who: "anna", why: "ok", now: 5000)
        let claimed = try await test.claimOne()
        #expect(claimed.errors == 0 && claimed.replays == 1)
        try await test.settle(claimed, .done)
        #expect(try await test.journal.pendingErrors(limit: 9).first?.resolution?.by == "anna")
    }

    @Test func `what people did is kept, newest first, with whom, why and which`() async throws {
        let test = try await TestJournal()
        try await test.bring(1, to: .dead)
        try await test.bring(2, to: .dead)
        var filter = JobFilter()
        filter.poNumber = "4755"
        _ = try await test.journal.retry(filter, who: "anna", why: "label made", now: 5000)
        _ = try await test.journal.hold(.ids([1]), who: "bob", why: "ask", now: 6000)
        let actions = try await test.journal.actions(limit: 9)
        #expect(actions.map(\.who) == ["bob", "anna"])
        #expect(actions.map(\.filter) == ["ids 1", "states dead, PO 4755"])
        #expect(actions.map(\.jobs) == [1, 2] && actions.map(\.why) == ["ask", "label made"])
        #expect(try await test.journal.actions(limit: 1).count == 1)
    }
}
