import Testing

@testable import SyncEngine

@Suite struct PulseTests {
    @Test("the last step counts, and a clock that goes back takes nothing away")
    func beat() {
        let pulse = Pulse()
        pulse.beat(now: 1_000)
        pulse.beat(now: 900)
        #expect(pulse.last(now: 5_000) == 1_000)
    }

    @Test("to wait for one's turn is no standing still, however long it takes")
    func waiting() async {
        let pulse = Pulse()
        pulse.beat(now: 1_000)
        await pulse.waiting(now: { 90_000 }) {
            #expect(pulse.last(now: 80_000) == 80_000)
        }
        #expect(pulse.last(now: 95_000) == 90_000)
    }
}
