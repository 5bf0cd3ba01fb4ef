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
                    let fresh = await gate.enter(labels)
                    await crowd.stay()
                    gate.leave(fresh, created ? .created : .refused)
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

    @Test(
        "a label whose request was left in doubt is in doubt until the outcome can be looked up, or the board shows it"
    )
    func doubt() async {
        let gate = LabelGate()
        gate.leave(await gate.enter([self.navy, self.white]), .inDoubt(until: 90))
        #expect(gate.doubt(of: [self.navy], now: 0) == 90)
        gate.learn([self.white])
        #expect(gate.doubt(of: [self.white], now: 89) == nil)
        #expect(gate.doubt(of: [self.white, self.navy], now: 89) == 90)
        #expect(gate.doubt(of: [self.navy], now: 90) == nil)
        #expect(await gate.enter([self.navy]) == [self.navy])
    }

    @Test("a label that an earlier process has left in doubt is in doubt the longest of its times")
    func doubtOfBefore() async {
        let gate = LabelGate()
        gate.doubt([self.navy], until: 90)
        gate.doubt([self.navy, self.white], until: 80)
        #expect(gate.doubt(of: [self.white, self.navy], now: 79) == 90)
        #expect(gate.doubt(of: [self.white], now: 80) == nil)
        gate.learn([self.navy])
        #expect(gate.doubt(of: [self.navy], now: 80) == nil)
    }
}
