import TestSupport
import Testing

/// Everything that the tests of this target hand to the programs as a secret.
private let secrets = [Sandbox.token, "wrong-token", "hunter2", "s3cret-token"]

/// Expects that none of the tests' secrets has leaked into what a program wrote.
func expectNoSecret(_ outcome: Program.Outcome?, _ location: SourceLocation = #_sourceLocation) {
    for secret in secrets {
        #expect(outcome?.error.contains(secret) != true, sourceLocation: location)
        #expect(outcome?.output.contains(secret) != true, sourceLocation: location)
    }
}

/// Expects an exit status, that the telling words were said, and no secret with them.
func expect(
    _ status: Int32,
    _ words: String...,
    of outcome: Program.Outcome,
    _ location: SourceLocation = #_sourceLocation
) {
    #expect(outcome.status == status, "\(outcome)", sourceLocation: location)
    for word in words {
        #expect((outcome.error + outcome.output).contains(word), "\(word): \(outcome)", sourceLocation: location)
    }
    if status > 1 {
        // A failure is for standard error; a script must not take it for an answer.
        #expect(!outcome.error.isEmpty, "\(outcome)", sourceLocation: location)
    }
    expectNoSecret(outcome, location)
}
