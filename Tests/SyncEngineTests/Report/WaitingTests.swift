import Foundation
import Orders
import Testing

@testable import Journal
@testable import SyncEngine

@Suite struct WaitingTests {
    private static let now: Int64 = 1_795_399_253_120

    private func job(
        _ state: JobState,
        runAt: Int64? = nil,
        code: String? = nil,
        message: String? = nil,
        isToBeHeld: Bool = false
    ) throws -> JobSummary {
        JobSummary(
            id: 66,
            orderKey: try #require(OrderKey("6F9619FF-8B86-D011-B42D-00C04FC964FF")),
            kind: .sync,
            state: state,
            stage: .none,
            orderNumber: "GRE-04268",
            customer: "GREYSON",
            style: nil,
            colour: nil,
            poNumber: "4755",
            errors: 1,
            replays: 0,
            queuedAt: Self.now - 9_000_000,
            createdAt: Self.now - 9_000_000,
            updatedAt: Self.now - 60_000,
            runAt: runAt,
            lastClass: nil,
            lastCode: code,
            lastMessage: message,
            isUnsettled: false,
            isToBeHeld: isToBeHeld
        )
    }

    private func standing(
        _ live: JobSummary?,
        waiting: JobSummary? = nil,
        open: [OrderStanding.Open] = [],
        action: JobDetail.Action? = nil,
        line: (ahead: Int, isAtWork: Bool, customers: Int) = (0, false, 0)
    ) throws -> OrderStanding {
        OrderStanding(
            orderKey: try #require(OrderKey("6F9619FF-8B86-D011-B42D-00C04FC964FF")),
            orderNumber: "GRE-04268",
            sourceCustomer: "GREYSON CLOTHIERS",
            customer: "GREYSON",
            itemID: nil,
            syncedAt: live == nil ? Self.now - 7_200_000 : nil,
            missingSince: nil,
            live: live,
            waiting: waiting,
            last: nil,
            action: action,
            open: open,
            ahead: line.ahead,
            isCustomerAtWork: line.isAtWork,
            customersAhead: line.customers
        )
    }

    private func reasons(
        _ standing: OrderStanding,
        hasKeyColumn: Bool = true,
        isRunning: Bool? = true,
        pause: DaemonStanding.Pause? = nil,
        stoppedAt: Int64? = nil
    ) -> [String] {
        let daemon = DaemonStanding(
            startedAt: 1,
            process: 7,
            host: "here",
            stoppedAt: stoppedAt,
            pause: pause,
            isSolo: false
        )
        return Waiting(
            standing,
            Waiting.Circumstances(
                now: Self.now,
                daemon: daemon,
                isDaemonRunning: isRunning,
                timing: EffectTiming(),
                hasKeyColumn: hasKeyColumn
            )
        ).reasons
    }

    @Test("a ready order waits for its turn, or for the daemon, and both are told")
    func ready() throws {
        let job = try self.job(.ready)
        #expect(self.reasons(try self.standing(job)) == ["its turn: it is the next"])
        #expect(
            self.reasons(try self.standing(job, line: (1_200, true, 2))) == [
                "its turn: 1,200 orders of GREYSON before it, a batch of GREYSON is at work, 2 other customers served first"
            ]
        )
        let failure = Failure(.systemic, code: "NOT_AUTHENTICATED", message: "wrong token", httpStatus: 401)
        let pause = DaemonStanding.Pause(failure: failure, since: Self.now - 120_000, until: Self.now + 30_000)
        let paused = self.reasons(try self.standing(job), pause: pause)
        #expect(
            paused[1] == "the end of a pause of all work, since 2 min until 2026-11-23T02:01:23.120Z, "
                + "after NOT_AUTHENTICATED: wrong token"
        )
        #expect(
            self.reasons(try self.standing(job), isRunning: false)[1]
                == "the daemon: none runs, the last one was killed"
        )
        #expect(
            self.reasons(try self.standing(job), stoppedAt: Self.now - 3_600_000)[1]
                == "the daemon: none runs, the last one ended 1 h ago"
        )
        // From another machine it can't be told.
        #expect(self.reasons(try self.standing(job), isRunning: nil).count == 1)
    }

    @Test("an order in doubt says what was sent and when it is looked up, or that only a person can tell")
    func doubt() throws {
        let target = EffectTarget(alias: "m0", kind: .createItem, job: JobReference(id: 66, generation: 1))
        let open = OrderStanding.Open(effect: 5, target: target, sentAt: Self.now - 60_000)
        let standing = try self.standing(try self.job(.inDoubt, isToBeHeld: true), open: [open])
        #expect(
            self.reasons(standing) == [
                "the outcome of create item, sent at 2026-11-23T01:59:53.120Z: looked up on the board from "
                    + "2026-11-23T02:01:24.120Z on, in 31.0 s",
                "it will be held as soon as that is known",
            ]
        )
        let without = self.reasons(standing, hasKeyColumn: false)
        #expect(without[0].contains("only a person") && without[0].hasSuffix("ordersync-replay settle 66"))
        // Subitems are looked up under their parent, key column or none.
        let subitem = EffectTarget(alias: "m0", kind: .createSubitem, size: "XL")
        let sized = try self.standing(
            try self.job(.inDoubt),
            open: [OrderStanding.Open(effect: 5, target: subitem, sentAt: Self.now - 600_000)]
        )
        #expect(self.reasons(sized, hasKeyColumn: false)[0].hasSuffix("to be looked up on the board now"))
    }

    @Test("a retry says when and after what; a death, a hold and a newer snapshot are told with what ends them")
    func others() throws {
        let retry = try self.job(.retry, runAt: Self.now + 12_300, code: "deadlock", message: "chosen as victim")
        #expect(
            self.reasons(try self.standing(retry)) == [
                "another try at 2026-11-23T02:01:05.420Z, in 12.3 s, after deadlock: chosen as victim"
            ]
        )
        let wait = try self.job(.retry, runAt: Self.now, code: "wait", message: "its group is in doubt")
        #expect(self.reasons(try self.standing(wait)) == ["another try, which is due now, after its group is in doubt"])
        let dead = try self.job(.dead, code: "MISSING_LABEL", message: "no such label")
        #expect(self.reasons(try self.standing(dead)).last == "then: ordersync-replay retry 66")
        let action = JobDetail.Action(at: Self.now - 7_200_000, who: "anna", action: "hold", why: "prices")
        let held = self.reasons(try self.standing(try self.job(.held), waiting: try self.job(.waiting), action: action))
        #expect(held[0] == "a person's release: held by anna since 2 h, for “prices”")
        #expect(held[2] == "a newer snapshot of the order, job 66, stands behind it since 2 h")
        #expect(
            self.reasons(try self.standing(nil)) == [
                "nothing: it stands on the board as the source had it, brought there 2 h ago"
            ]
        )
    }

    @Test("nothing that an order holds reaches the terminal's controls")
    func controls() throws {
        let dead = try self.job(.dead, code: "X", message: "\u{1B}[2Jgone")
        let waiting = Waiting(
            try self.standing(dead),
            Waiting.Circumstances(
                now: Self.now,
                daemon: DaemonStanding(startedAt: 1, process: 7, host: "", stoppedAt: nil, pause: nil, isSolo: false),
                isDaemonRunning: true,
                timing: EffectTiming(),
                hasKeyColumn: true
            )
        )
        #expect(!WaitingText.lines(waiting, now: Self.now).joined().contains("\u{1B}"))
    }

    @Test("the table of ages ends with the oldest, and sums what all customers have")
    func stats() throws {
        let ages = [3, 0, 1, 0, 0, 0, 0, 0, 0, 0]
        let standings = [
            CustomerStanding(customer: "A", states: [.ready: 4, .dead: 1], ages: ages, oldest: Self.now - 900_000),
            CustomerStanding(
                customer: "B",
                states: [.held: 2],
                ages: Array(repeating: 0, count: 10),
                oldest: nil
            ),
        ]
        let lines = StatsText.lines(standings, now: Self.now, width: nil)
        #expect(lines[0] == "CUSTOMER  OLDEST  <5m  <10m  <20m  IN WORK  IN DOUBT  DEAD  HELD")
        #expect(lines[1] == "A         15 min    3     ·     1        ·         ·     1     ·")
        #expect(lines[2] == "B                   ·     ·     ·        ·         ·     ·     2")
        #expect(lines[3] == "(all)     15 min    3     ·     1        ·         ·     1     2")
        let form = StatsForm(standings)
        #expect(form.states == ["ready": 4, "dead": 1, "held": 2] && form.bucketEnds.first == 300)
        #expect(
            StatsText.buckets == [
                "<5m", "<10m", "<20m", "<40m", "<1h20", "<2h40", "<5h20", "<10h40", "<21h20", "older",
            ]
        )
    }
}
