/// Asks again and again until the answer is yes.
///
/// The longest wait is no promise of the programs: it is long, as a machine may be busy with all else.
///
/// - Returns: Whether the answer was yes in time.
/// - Throws: What the condition throws, and `CancellationError` when the test ends meanwhile.
package func eventually(
    within longest: Duration = .seconds(90),
    isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws -> Bool {
    let deadline = ContinuousClock.now + longest
    while true {
        if try await condition() { return true }
        guard ContinuousClock.now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(20))
    }
}
