import HTTPClient
import Orders
import Testing

@testable import Monday

@Suite("Answers to changes")
struct AnswerTests {
    @Test("every known form of answer is there")
    func fixtures() {
        #expect(Fixture.all.count == 82)
    }

    @Test("an answer means what it says of each alias, and no more", arguments: Fixture.all)
    func outcomes(fixture: Fixture) {
        let exchange = fixture.exchange()
        #expect(exchange.outcomes.map(\.words) == fixture.outcomes)
        if let wait = fixture.wait {
            for outcome in exchange.outcomes { #expect(outcome.failure?.retryAfterMilliseconds == wait) }
        }
        for outcome in exchange.outcomes {
            if let failure = outcome.failure { #expect(failure.httpStatus == fixture.response.status) }
        }
    }

    @Test("a query takes an answer only when it has no error at all", arguments: Fixture.all)
    func reads(fixture: Fixture) throws {
        let read: String
        do throws(Failure) {
            _ = try Answer(fixture.response, now: Fixture.now).data()
            read = "data"
        } catch {
            read = "\(error.class.rawValue) \(error.code)"
        }
        #expect(read == fixture.read)
    }

    @Test("what failed the whole request is told once")
    func wholeFailure() throws {
        let fixture = try #require(Fixture.all.first { $0.name == "complexity" })
        #expect(fixture.exchange().failure?.class == .throttled)
        let partial = try #require(Fixture.all.first { $0.name == "alias_partial" })
        #expect(partial.exchange().failure == nil)
    }

    @Test("the answer's version, request id, replay and costs are told")
    func particulars() throws {
        let fixture = try #require(Fixture.all.first { $0.name == "ok_items" })
        let exchange = fixture.exchange()
        #expect(exchange.apiVersion == "2026-10")
        #expect(exchange.requestID == "7d0b6f0e-5a1c-4f59-9a53-0c7c1a6b2e11")
        #expect(!exchange.replayed)
        #expect(exchange.limits.complexity?.query == 60_002)
        #expect(exchange.limits.points?.remaining == 9_939_998)
        let replay = try #require(Fixture.all.first { $0.name == "ok_replayed" })
        #expect(replay.exchange().replayed)
    }

    @Test("a message names the column and the broken rules, and is cut")
    func messages() throws {
        let label = try #require(Fixture.all.first { $0.name == "alias_partial" })
        #expect(label.exchange().outcomes[1].failure?.message.hasPrefix("column color_x (Unit): No such") == true)
        let rule = try #require(Fixture.all.first { $0.name == "data_validations" })
        #expect(rule.exchange().outcomes[0].failure?.message.contains("'Style' must be filled") == true)
        let long =
            #"{"data":{"m0":null},"errors":[{"message":"\#(String(repeating: "x", count: 9000))","path":["m0"]}]}"#
        let exchange = label.exchange(body: Array(long.utf8))
        #expect(exchange.outcomes[0].failure?.message.count == Failure.maximumMessageLength)
    }

    @Test(
        "a request that got no answer is refused only with the proof that nothing left",
        arguments: HTTPError.Code.allCases
    )
    func transport(code: HTTPError.Code) {
        for bytesSent in [true, false] {
            let error = HTTPError(code, message: "lost", bytesSent: bytesSent)
            let exchange = Exchange(error: error, aliases: ["m0", "m1"])
            #expect(exchange.outcomes.count == 2)
            for outcome in exchange.outcomes {
                switch outcome {
                case .done: Issue.record("a lost answer counts as done")
                case .refused(let failure):
                    #expect(!bytesSent)
                    #expect(failure.class == .transient || failure.class == .systemic)
                case .unknown: #expect(bytesSent)
                }
            }
        }
    }
}
