import Synchronization
import Testing

@testable import SyncEngine

/// Counts how many are inside at once.
private final class Crowd: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { self.state.withLock { $0.most } }

    func stay() async {
        self.state.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
        try? await Task.sleep(for: .milliseconds(5))
        self.state.withLock { $0.now -= 1 }
    }
}

@Suite struct LabelGateTests {
    private let navy = Label(column: "colour", text: "NAVY")
    private let white = Label(column: "colour", text: "WHITE")

    /// Sends requests with these labels all at once, and says how many were under way at the most.
    private func most(_ requests: [Set<Label>], gate: LabelGate, created: Bool = true) async -> Int {
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            for labels in requests {
                group.addTask {
                    await gate.withLabels(labels) {
                        await crowd.stay()
                        return ((), created)
                    }
                }
            }
        }
        return crowd.most
    }

    @Test("two requests that bring the same new label never run at once, even when the first one failed")
    func serial() async {
        let requests = [Set<Label>](repeating: [self.navy], count: 5)
        #expect(await self.most(requests, gate: LabelGate(), created: false) == 1)
    }

    @Test("labels that are on the board hold nobody back")
    func known() async {
        let gate = LabelGate()
        gate.learn([self.navy])
        #expect(await self.most([[self.navy], [self.navy], [self.navy]], gate: gate) > 1)
    }

    @Test("requests with different new labels run beside each other")
    func different() async {
        #expect(await self.most([[self.navy], [self.white]], gate: LabelGate()) == 2)
    }

    @Test("a request that is sent again runs beside none that brings a new label, and both get their turn")
    func alone() async {
        let gate = LabelGate()
        gate.learn([self.white])
        let (crowd, knowing) = (Crowd(), Crowd())
        await withTaskGroup(of: Void.self) { group in
            for round in 0..<6 {
                group.addTask {
                    if round % 2 == 0 {
                        await gate.alone { await crowd.stay() }
                    } else {
                        await gate.withLabels([self.navy]) { (await crowd.stay(), false) }
                    }
                }
            }
            for _ in 0..<3 { group.addTask { await gate.withLabels([self.white]) { (await knowing.stay(), true) } } }
        }
        #expect(crowd.most == 1)
        #expect(knowing.most > 1)
    }
}
