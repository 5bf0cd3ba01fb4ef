import Foundation
import Orders
import Testing

@testable import Journal
@testable import SyncEngine

@Suite struct JobTextTests {
    private static let now: Int64 = 1_795_399_253_120

    private func job(_ id: Int64, message: String? = "label “M\u{1B}” not found") throws -> JobSummary {
        JobSummary(
            id: id,
            orderKey: try #require(OrderKey("6F9619FF-8B86-D011-B42D-00C04FC964FF")),
            kind: .sync,
            state: .dead,
            stage: .item,
            orderNumber: "GRE-04268",
            customer: "GREYSON",
            style: "MSP23K56",
            colour: nil,
            poNumber: "4755",
            errors: 8,
            replays: 1,
            queuedAt: Self.now - 9_000_000,
            createdAt: Self.now - 9_000_000,
            updatedAt: Self.now - 7_200_000,
            runAt: nil,
            lastClass: .permanent,
            lastCode: "ColumnValueException",
            lastMessage: message,
            isUnsettled: false,
            isToBeHeld: false
        )
    }

    @Test("the list says which job, what state, how old, whose order and why")
    func list() throws {
        let lines = JobText.list([try self.job(7)], now: Self.now, width: nil)
        #expect(lines[0] == "JOB  STATE  AGE  ORDER      CUSTOMER  PO    ERRORS  CODE                  LAST ERROR")
        #expect(
            lines[1]
                == "  7  dead   2 h  GRE-04268  GREYSON   4755       8  ColumnValueException  label “M\u{FFFD}” not found"
        )
        let long = JobText.list(
            [try self.job(7, message: String(repeating: "x", count: 2000))],
            now: Self.now,
            width: 80
        )
        #expect(long.allSatisfy { DisplayText.width($0) <= 80 })
    }

    @Test("the JSON form gives times in ISO 8601 and states by name")
    func json() throws {
        let form = JobListForm([try self.job(7)], isCut: true)
        #expect(form.jobs[0].updatedAt == "2026-11-23T00:00:53.120Z")
        #expect(form.jobs[0].state == "dead")
        #expect(form.jobs[0].orderKey == "6f9619ff-8b86-d011-b42d-00c04fc964ff")
        let text = try JSONOutput.text(form)
        #expect(try JSONDecoder().decode(JobListForm.self, from: Data(text.utf8)) == form)
        #expect(!text.contains("colour"))
    }

    @Test("a job that a command could not change is named with the reason")
    func outcome() {
        var outcome = ReplayOutcome()
        outcome.changed = [1, 2]
        outcome.refused = [.init(id: 3, reason: .running)]
        #expect(
            JobText.outcome(outcome, done: "ready again") == [
                "2 jobs ready again", "job 3 refused: the daemon is working on it; try again when it is over",
            ]
        )
    }
}
