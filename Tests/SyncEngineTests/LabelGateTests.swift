import Synchronization
import Testing

@testable import SyncEngine

@Suite struct LabelGateTests {
    /// Sends with the labels and says how many others were under way at the most.
    private func crowd(_ labels: [Set<Label>], gate: LabelGate) async -> Int {
        let state = Mutex((now: 0, most: 0))
        await withTaskGroup(of: Void.self) { group in
            for set in labels {
                group.addTask {
                    await gate.withLabels(set) {
                        state.withLock {
                            $0.now += 1
                            $0.most = max($0.most, $0.now)
                        }
                        try? await Task.sleep(for: .milliseconds(5))
                        state.withLock { $0.now -= 1 }
                        return ((), true)
                    }
                }
            }
        }
        return state.withLock { $0.most }
    }

    private let navy = Label(column: "colour", text: "NAVY")
    private let white = Label(column: "colour", text: "WHITE")

    @Test("two requests that bring the same new label never run at once")
    func serial() async {
        let gate = LabelGate()
        let failing = Mutex((now: 0, most: 0))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<5 {
                group.addTask { [navy] in
                    await gate.withLabels([navy]) {
                        failing.withLock {
                            $0.now += 1
                            $0.most = max($0.most, $0.now)
                        }
                        try? await Task.sleep(for: .milliseconds(5))
                        failing.withLock { $0.now -= 1 }
                        return ((), false)
                    }
                }
            }
        }
        #expect(failing.withLock { $0.most } == 1)
    }

    @Test("labels that are on the board hold nobody back")
    func known() async {
        let gate = LabelGate()
        gate.learn([self.navy])
        #expect(await self.crowd([[self.navy], [self.navy], [self.navy]], gate: gate) > 1)
    }

    @Test("requests with different new labels run beside each other")
    func different() async {
        #expect(await self.crowd([[self.navy], [self.white]], gate: LabelGate()) == 2)
    }
}
