import Foundation
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

    /// Changes of each answer that are tried.
    private static let rounds = 400

    @Test("a changed answer never crashes the reading, and is a yes only if it still says yes", arguments: Fixture.all)
    func mutations(fixture: Fixture) {
        // Bytes, and the words that decide: both seeded by the fixture, so that a failing round can be played again.
        var random = SplitMix(
            seed: fixture.name.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        )
        for round in 0..<Self.rounds {
            let body = round % 2 == 0 ? random.mutated(fixture.response.body) : random.reworded(fixture.response.body)
            let exchange = fixture.exchange(body: body)
            for (alias, outcome) in zip(fixture.aliases, exchange.outcomes) {
                guard case .done(let id) = outcome else { continue }
                #expect(
                    Yes.isSaid(of: alias, id: "\(id)", in: body, status: fixture.response.status),
                    "round \(round): \(String(decoding: body, as: UTF8.self))"
                )
            }
            _ = try? Answer(HTTPResponse(status: 200, body: body), now: 0).data()
        }
    }

    @Test("a success stays one when what says nothing of it changes, so that the rounds above do meet successes")
    func successes() throws {
        let fixture = try #require(Fixture.all.first { $0.name == "ok_items" })
        var random = SplitMix(seed: 3)
        let count = (0..<Self.rounds).count { _ in
            fixture.exchange(body: random.reworded(fixture.response.body)).outcomes.contains { $0.isDone }
        }
        #expect(count > Self.rounds / 10)
        #expect(
            Yes.isSaid(
                of: "m0",
                id: fixture.outcomes[0].replacing("done ", with: ""),
                in: fixture.response.body,
                status: 200
            )
        )
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

    /// The bytes with one to three words exchanged for others that Monday.com uses: what was null becomes a result, an error loses
    /// its path or gets another alias's, an id becomes none.
    mutating func reworded(_ bytes: [UInt8]) -> [UInt8] {
        let words = [
            "null", "{}", "[]", "true", "0", "-1", "\"\"", "\"m0\"", "\"m1\"", "\"id\"", "\"path\"", "\"errors\"",
            "\"data\"",
            "\"extensions\"", "\"code\"", "\"message\"", "\"18420000021\"", "{\"id\":\"18420000021\"}", "[\"m0\"]",
            "[\"m0\",\"id\"]",
        ]
        var text = String(decoding: bytes, as: UTF8.self)
        for _ in 0...(self.next() % 3) {
            let present = words.filter { text.contains($0) }
            guard !present.isEmpty else { break }
            let old = present[Int(self.next() % UInt64(present.count))]
            let places = text.ranges(of: old)
            text.replaceSubrange(
                places[Int(self.next() % UInt64(places.count))],
                with: words[Int(self.next() % UInt64(words.count))]
            )
        }
        return Array(text.utf8)
    }
}

/// Reads an answer in another way than the client does: Foundation's JSON, and the rule in its plainest words.
enum Yes {
    /// Whether the body is whole JSON that gives the alias an object with that id and holds no error of that alias.
    static func isSaid(of alias: String, id: String, in body: [UInt8], status: Int) -> Bool {
        guard (200...299).contains(status),
            let root = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let data = root["data"] as? [String: Any], let object = data[alias] as? [String: Any]
        else { return false }
        for error in root["errors"] as? [Any] ?? [] {
            let path = (error as? [String: Any])?["path"] as? [Any] ?? []
            if path.count == 1, path.first as? String == alias { return false }
        }
        switch object["id"] {
        case let text as String: return text == id && !id.isEmpty
        case let number as NSNumber: return "\(number.int64Value)" == id && number.int64Value > 0
        default: return false
        }
    }
}
