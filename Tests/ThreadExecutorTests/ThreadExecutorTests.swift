import Foundation
import Glibc
import Synchronization
import Testing
import ThreadExecutor

@Suite struct ThreadExecutorTests {
    @Test("an actor runs on one thread of its own, which bears its name")
    func ownThread() async throws {
        let actor = Worker("worker-a")
        let other = Worker("worker-b")
        let thread = await actor.thread()
        for _ in 1...20 {
            #expect(await actor.thread() == thread)
        }
        #expect(await other.thread() != thread)
        #expect(await actor.threadName() == "worker-a")
    }

    @Test("a name longer than the system keeps is cut")
    func longName() async {
        #expect(await Worker("warehouse-connection").threadName() == "warehouse-conne")
    }

    @Test("work that blocks holds up nothing outside of its actor")
    func blocking() async {
        // More than the cooperative pool has threads: were they taken, nothing below would be left to open the gates.
        let gates = (1...32).map { Gate(Worker("gate-\($0)")) }
        await withTaskGroup { group in
            for gate in gates { group.addTask { await gate.waitBlocking() } }
            for gate in gates {
                while !gate.isWaiting { await Task.yield() }
                gate.open()
            }
        }
        #expect(gates.allSatisfy { $0.hasPassed })
    }

    @Test("calls run one after another, in the order in which one caller makes them")
    func order() async {
        let actor = Worker("order")
        for number in 1...1000 { await actor.append(number) }
        #expect(await actor.numbers == Array(1...1000))
        await withTaskGroup { group in
            for number in 1...1000 { group.addTask { await actor.append(number) } }
        }
        #expect(await actor.numbers.count == 2000)
    }

    @Test("the thread ends after the work that was left to it, also when that work lets go of the actor last")
    func ends() async throws {
        let done = await withTaskGroup { group in
            for _ in 1...50 {
                // The task below is all that holds the actor.
                let actor = Worker("short-lived")
                group.addTask {
                    await actor.append(1)
                    return 1
                }
            }
            return await group.reduce(0, +)
        }
        #expect(done == 50)
        while try Self.threads(named: "short-lived") > 0 { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test("being off the thread where one must be on it stops the program")
    func offThread() async {
        await #expect(processExitsWith: .failure) {
            let actor = Worker("trap")
            actor.claimIsolation()
        }
    }

    /// How many threads of this process have that name.
    private static func threads(named name: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count { id in
            // A thread may end between the listing and the reading.
            (try? String(contentsOfFile: "/proc/self/task/\(id)/comm", encoding: .utf8)) == name + "\n"
        }
    }
}

private actor Worker {
    private let executor: ThreadExecutor
    private(set) var numbers: [Int] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    init(_ name: String) {
        self.executor = ThreadExecutor(name: name)
    }

    func append(_ number: Int) {
        self.numbers.append(number)
    }

    func thread() -> UInt {
        self.executor.checkIsolated()
        self.assertIsolated()
        return UInt(pthread_self())
    }

    func threadName() -> String {
        let text = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
        return String((text ?? "").dropLast())
    }

    nonisolated func claimIsolation() {
        self.assumeIsolated { _ in }
    }

    func run(_ body: @Sendable () -> Void) {
        body()
    }
}

/// Blocks an actor's thread until it is opened.
private final class Gate: Sendable {
    private enum State { case closed, waiting, open, passed }

    private let worker: Worker
    private let state = Mutex(State.closed)

    init(_ worker: Worker) {
        self.worker = worker
    }

    var isWaiting: Bool { self.state.withLock { $0 == .waiting } }
    var hasPassed: Bool { self.state.withLock { $0 == .passed } }

    func open() {
        self.state.withLock { $0 = .open }
    }

    func waitBlocking() async {
        await self.worker.run {
            self.state.withLock { $0 = .waiting }
            while !self.state.withLock({ $0 == .open }) { usleep(1000) }
            self.state.withLock { $0 = .passed }
        }
    }
}
