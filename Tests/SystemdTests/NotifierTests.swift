import Foundation
import Systemd
import TestSupport
import Testing

@Suite struct NotifierTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    @Test("readiness and status reach the service manager together, by a path and by an abstract name")
    func ready() throws {
        for name in [self.folder.file("notify"), "@ordersync-test-\(UUID().uuidString)"] {
            let manager = try DatagramListener(name)
            let notifier = Notifier(environment: ["NOTIFY_SOCKET": name])
            #expect(notifier.isActive)
            #expect(notifier.send(.ready, .status("3 orders waiting")))
            #expect(manager.next() == "READY=1\nSTATUS=3 orders waiting")
            #expect(notifier.send(.watchdog))
            #expect(notifier.send(.stopping, .extendTimeout(microseconds: 30_000_000)))
            #expect(manager.next() == "WATCHDOG=1")
            #expect(manager.next() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=30000000")
            #expect(manager.next() == nil)
        }
    }

    @Test("a status of several lines can't smuggle in a word of its own")
    func oneLine() throws {
        let path = self.folder.file("notify")
        let manager = try DatagramListener(path)
        Notifier(environment: ["NOTIFY_SOCKET": path]).send(.status("slow\nREADY=1\r\nMAINPID=1"))
        #expect(manager.next() == "STATUS=slow READY=1 MAINPID=1")
    }

    @Test("a long status is cut, so that it arrives at all")
    func longStatus() throws {
        let path = self.folder.file("notify")
        let manager = try DatagramListener(path)
        #expect(Notifier(environment: ["NOTIFY_SOCKET": path]).send(.status(String(repeating: "x", count: 1_000_000))))
        #expect(manager.next() == "STATUS=" + String(repeating: "x", count: 500))
    }

    @Test(
        "without a service manager nothing is sent and nothing breaks",
        arguments: [
            [:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "relative/path"], ["NOTIFY_SOCKET": "/no/such/socket"],
            ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 200)], ["NOTIFY_SOCKET": "@"],
        ]
    )
    func noManager(environment: [String: String]) {
        #expect(!Notifier(environment: environment).send(.ready))
    }

    @Test("the watchdog is served twice as often as the unit demands")
    func watchdogInterval() {
        func interval(_ environment: [String: String]) -> Duration? {
            Notifier(environment: environment, processID: 42).watchdogInterval
        }
        #expect(interval(["WATCHDOG_USEC": "30000000"]) == .seconds(15))
        #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"]) == .seconds(15))
        #expect(interval(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "43"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "0"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "soon"]) == nil)
        #expect(interval([:]) == nil)
    }
}
