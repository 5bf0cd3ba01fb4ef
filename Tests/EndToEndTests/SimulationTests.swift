import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct SimulationTests {
    @Test(
        "after each day of every kind board and tables are what the rules say, and a day without changes sends nothing",
        arguments: ["wild", "archive", "zero", "report"]
    )
    func short(world: String) async throws {
        let outcome = try await Program(
            URL(fileURLWithPath: Project.python),
            [
                Project.path("Tests/simulation/simulate.py"), "--bin", Project.programs.path, "--world", world,
                // Other days are for `make simulation`: a test must tell the same of the same tree.
                "--orders", "150", "--days", "9", "--seed", "218538",
            ]
        ).wait()
        #expect(outcome.status == 0, "\(outcome)")
    }
}
