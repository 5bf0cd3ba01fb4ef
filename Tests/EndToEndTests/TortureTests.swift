import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct TortureTests {
    @Test("killed twenty times on a hostile network, nothing is lost and nothing is made twice")
    func short() async throws {
        let torture = try Program(
            URL(fileURLWithPath: Project.python),
            [
                Project.path("Tests/torture/torture.py"), "--bin", Project.programs.path, "--orders", "60",
                "--kills", "20", "--harm", "0.5",
            ]
        )
        let outcome = await torture.wait()
        #expect(outcome.status == 0, "\(outcome)")
    }
}
