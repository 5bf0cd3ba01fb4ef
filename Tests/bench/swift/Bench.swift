import ArgumentParser

/// Measures single modules for `make bench`: each command runs one part and prints the seconds it took.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ordersync-bench",
        abstract: "Measure a part of ordersync, for Tests/bench/bench.py.",
        subcommands: [
            SnapshotsCommand.self, EnqueueCommand.self, ClaimCommand.self, StageCommand.self, ReadCommand.self,
        ]
    )

    /// Runs a body and prints how many seconds it took.
    static func time(_ body: () async throws -> Void) async throws {
        let seconds = try await ContinuousClock().measure { try await body() } / .seconds(1)
        print(seconds)
    }
}

/// What was asked to be measured did not take place.
struct BenchError: Error, CustomStringConvertible {
    let description: String
}
