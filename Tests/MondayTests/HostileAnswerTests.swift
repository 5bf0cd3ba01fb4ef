import HTTPClient
import Orders
import Testing

@testable import Monday

@Suite("Hostile answers")
struct HostileAnswerTests {
    @Test("an answer cut at any byte is never a yes", arguments: Fixture.all)
    func truncations(fixture: Fixture) {
        let body = fixture.response.body
        for count in 0..<body.count {
            let exchange = fixture.exchange(body: Array(body[..<count]))
            #expect(exchange.outcomes.count == fixture.aliases.count)
            #expect(!exchange.outcomes.contains { $0.isDone }, "cut at \(count)")
        }
    }

    @Test("an answer of a broken status is never a yes", arguments: Fixture.all)
    func statuses(fixture: Fixture) {
        for status in [0, 100, 302, 400, 401, 403, 404, 409, 423, 429, 500, 502, 503, 504, 524, 599, 999] {
            #expect(!fixture.exchange(status: status).outcomes.contains { $0.isDone }, "status \(status)")
        }
    }

    @Test("changed bytes never crash the reading, and never make a yes of what was none", arguments: Fixture.all)
    func mutations(fixture: Fixture) {
        var random = SplitMix(seed: UInt64(fixture.response.body.count) &* 0x9E37_79B9)
        // An answer that holds a result beside what takes it back says yes when just that is changed.
        let text = String(decoding: fixture.response.body, as: UTF8.self)
        let held = Set(fixture.aliases.filter { text.contains("\"\($0)\":{\"id\"") })
        for round in 0..<400 {
            let body = random.mutated(fixture.response.body)
            let exchange = fixture.exchange(body: body)
            let isDone = Set(zip(fixture.aliases, exchange.outcomes).filter { $0.1.isDone }.map(\.0))
            #expect(isDone.isSubset(of: held), "round \(round): \(String(decoding: body, as: UTF8.self))")
            _ = try? Answer(HTTPResponse(status: 200, body: body), now: 0).data()
        }
    }

    @Test("random bytes and random JSON are read without a crash and without a yes")
    func noise() {
        var random = SplitMix(seed: 7)
        let words = [
            "{", "}", "[", "]", ":", ",", "null", "true", "1e9", "\"data\"", "\"errors\"", "\"m0\"", "\"path\"", "\\u",
        ]
        for _ in 0..<3000 {
            let length = Int(random.next() % 40)
            let text = (0..<length).map { _ in words[Int(random.next() % UInt64(words.count))] }.joined()
            let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            for body in [Array(text.utf8), noise] {
                let response = HTTPResponse(status: 200, body: body)
                let exchange = Exchange(response: response, aliases: ["m0"], now: 0)
                #expect(!exchange.outcomes.contains { $0.isDone })
            }
        }
    }

    @Test("headers of any content are read without a crash")
    func headers() {
        var random = SplitMix(seed: 11)
        let pieces = [
            "\"minuteRate\"", ";r=", ";t=", "-1", "99999999999999999999", ",", ";", "=", "\"", " ", "é", "q=5", "\u{0}",
        ]
        for _ in 0..<3000 {
            let value = (0..<Int(random.next() % 30)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
                .joined()
            let headers = ["ratelimit", "ratelimit-policy", "retry-after", "api-version", "x-request-id"].map {
                ($0, value)
            }
            let exchange = Exchange(
                response: HTTPResponse(status: 429, headers: headers, body: Array("{}".utf8)),
                aliases: ["m0"],
                now: Fixture.now
            )
            if let remaining = exchange.limits.requests?.remaining { #expect(remaining >= 0) }
            for outcome in exchange.outcomes { #expect((outcome.failure?.retryAfterMilliseconds ?? 0) >= 0) }
        }
    }

    @Test("nesting without end is refused, not followed")
    func depth() {
        for opening in [#"{"data":"#, "[", #"{"data":{"m0":[{"a":"#] {
            let body = Array(String(repeating: opening, count: 100_000).utf8)
            let exchange = Exchange(response: HTTPResponse(status: 200, body: body), aliases: ["m0"], now: 0)
            #expect(exchange.outcomes[0].words == "unknown in_doubt MALFORMED_ANSWER")
        }
    }
}

/// A small generator with a seed, so that a failing round can be played again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// The bytes with one to four changes: a byte replaced, inserted or taken out, or a stretch doubled.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...(self.next() % 4) where !bytes.isEmpty {
            let place = Int(self.next() % UInt64(bytes.count))
            switch self.next() % 4 {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: self.next())
            case 1: bytes.insert(UInt8(truncatingIfNeeded: self.next()), at: place)
            case 2: bytes.remove(at: place)
            default:
                let end = min(bytes.count, place + Int(self.next() % 16))
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            }
        }
        return bytes
    }
}
