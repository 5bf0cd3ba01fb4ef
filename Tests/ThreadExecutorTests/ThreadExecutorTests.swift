import Testing
import ThreadExecutor

@Suite struct ThreadExecutorTests {
    @Test("an actor runs on its executor's thread")
    func isolates() async {
        let counter = Counter()
        await counter.increment()
        #expect(await counter.value == 1)
    }
}

private actor Counter {
    private let executor = ThreadExecutor(name: "counter")
    private(set) var value = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    func increment() {
        self.executor.checkIsolated()
        self.value += 1
    }
}
