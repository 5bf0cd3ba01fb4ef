import Foundation
import Glibc
import Logging
import Systemd
import TestSupport
import Testing

@Suite struct LogHandlerTests {
    private let pipe = LogPipe()

    private func logger(_ form: LogForm, level: Logger.Level = .trace, patience: Int32 = 1000) -> Logger {
        let sink = LogSink(descriptor: self.pipe.input, patience: patience)
        return Logger(label: "ordersync.test") { label in
            JournaldLogHandler(label: label, level: level, form: form, sink: sink)
        }
    }

    /// The JSON of a line for journald, behind its priority.
    private func fields(_ line: String) throws -> [String: String] {
        let json = line.drop { $0 != "{" }
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        return object.mapValues { "\($0)" }
    }

    @Test("every level has the priority that journald filters by")
    func priorities() throws {
        let logger = self.logger(.journal)
        for level in Logger.Level.allCases { logger.log(level: level, "x") }
        let lines = self.pipe.lines()
        #expect(lines.map { String($0.prefix(3)) } == ["<7>", "<7>", "<6>", "<5>", "<4>", "<3>", "<2>"])
        #expect(try lines.map { try self.fields($0)["level"] } == Logger.Level.allCases.map { "\($0)" })
    }

    @Test("a line for journald is JSON with the metadata under dotted keys, numbers as numbers")
    func journal() throws {
        var logger = self.logger(.journal)
        logger[metadataKey: "job.id"] = "\(1)"
        logger.warning(
            "slow board",
            metadata: [
                "http": ["status": .stringConvertible(429), "retry.after": "5s"], "labels": ["a", "b"],
                "ok": .stringConvertible(false), "message": "not the message", "share": .stringConvertible(0.5),
            ]
        )
        let line = try #require(self.pipe.lines().first)
        let expected = """
            <4>{"level":"warning","logger":"ordersync.test","message":"slow board","http.retry.after":"5s",\
            "http.status":429,"job.id":"1","labels":"a, b","metadata.message":"not the message","ok":false,"share":0.5}
            """
        #expect(line == expected)
    }

    @Test("nothing from outside can forge a second line or a terminal's command", arguments: [LogForm.journal, .text])
    func oneLine(form: LogForm) throws {
        let logger = self.logger(form)
        let nasty = "order\n<0>{\"level\":\"critical\"}\r\u{1b}[2J\u{7f}\u{9b}\0\"\\ 👔"
        logger.error("\(nasty)", metadata: ["value": "\(nasty)", "\(nasty)": "x"])
        let lines = self.pipe.lines()
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(!line.unicodeScalars.contains { $0.value < 32 || (127...159).contains($0.value) })
        #expect(line.contains("👔"))
        if form == .journal {
            #expect(try self.fields(line)["message"] == nasty)
            #expect(try self.fields(line)["value"] == nasty)
        }
    }

    @Test("an error given to the logger is told")
    func error() throws {
        struct Broken: Error, CustomStringConvertible { let description = "the cable is out" }
        self.logger(.journal).error("no warehouse", error: Broken())
        #expect(try self.fields(try #require(self.pipe.lines().first))["error"] == "the cable is out")
    }

    @Test("a line for a person has the time, the level, the message and what belongs to it")
    func text() throws {
        self.logger(.text).notice("batch done", metadata: ["batch.orders": .stringConvertible(50), "customer": "A B"])
        let line = try #require(self.pipe.lines().first)
        #expect(line.dropFirst(20) == " notice   batch done  batch.orders=50 customer=\"A B\"")
        #expect(line.prefix(20).wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    }

    @Test("below the level nothing is written")
    func level() {
        let logger = self.logger(.journal, level: .warning)
        logger.info("no")
        logger.warning("yes")
        #expect(self.pipe.lines().count == 1)
    }

    @Test("a value of any length leaves a line that journald takes whole")
    func long() throws {
        self.logger(.journal).info("x", metadata: ["order": "\(String(repeating: "é\n", count: 100_000))"])
        let line = try #require(self.pipe.lines().first)
        #expect(line.utf8.count < 10_000)
        #expect(try self.fields(line)["order"]?.hasSuffix("…") == true)
    }

    @Test("a reader that stops reading holds nobody up, and is told how much it missed", .timeLimit(.minutes(5)))
    func stalled() throws {
        let logger = self.logger(.journal, patience: 20)
        // Far more than a pipe holds: without a limit to the waiting this would never end.
        for number in 1...2000 {
            logger.info(
                "line",
                metadata: ["n": .stringConvertible(number), "pad": "\(String(repeating: ".", count: 500))"]
            )
        }
        let before = self.pipe.lines()
        #expect(before.count < 2000)
        logger.info("the reader is back")
        let after = self.pipe.lines()
        #expect(after.count == 2)
        // What was cut off in its middle counts as dropped.
        let whole = before.count { $0.hasSuffix("}") }
        #expect(try self.fields(try #require(after.first))["log.dropped"] == "\(2000 - whole)")
        #expect(try self.fields(try #require(after.last))["message"] == "the reader is back")
    }

    @Test("a line longer than a pipe's block that was cut off does not spoil the next one", .timeLimit(.minutes(5)))
    func cutOff() throws {
        let logger = self.logger(.journal, patience: 20)
        for _ in 1...100 { logger.info("\(String(repeating: "long", count: 1900))") }
        _ = self.pipe.lines()
        logger.info("next")
        let lines = self.pipe.lines()
        #expect(try lines.map { try self.fields($0)["message"] }.last == "next")
        #expect(lines.allSatisfy { $0.hasPrefix("<") })
    }

    @Test("lines of many tasks at once do not mix")
    func concurrent() async throws {
        let logger = self.logger(.journal)
        await withTaskGroup { group in
            for number in 1...100 {
                group.addTask { logger.info("task", metadata: ["number": .stringConvertible(number)]) }
            }
        }
        let numbers = try self.pipe.lines().map { try self.fields($0)["number"] ?? "" }
        #expect(Set(numbers) == Set((1...100).map(String.init)))
    }
}
