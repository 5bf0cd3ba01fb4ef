import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct SimulationTests {
    @Test(
        "after each day of every kind the board is what the rules say, and a day without changes sends nothing"
    )
    func short() async throws {
        let outcome = try await Program(
            URL(fileURLWithPath: Project.python),
            [
                Project.path("Tests/simulation/simulate.py"), "--bin", Project.programs.path, "--orders", "250",
                "--days", "8",
            ]
        ).wait()
        #expect(outcome.status == 0, "\(outcome)")
    }
}
