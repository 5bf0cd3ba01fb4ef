package import Foundation

/// A real process and what it wrote.
package final class Program: Sendable {
    /// How a process ended.
    package struct Outcome: Sendable, CustomStringConvertible {
        /// The exit code, or 128 and the signal's number.
        package let status: Int32
        package let output: String
        package let error: String

        package var description: String {
            "status \(self.status)\n--- output\n\(self.output)\n--- error\n\(self.error)"
        }
    }

    private let child: Child
    private let folder: TemporaryFolder

    package var pid: Int32 { self.child.pid }
    package var isRunning: Bool { self.child.status == nil }
    /// What it has written to standard output so far.
    package var output: String { Self.text(self.folder.file("out")) }
    /// What it has written to standard error so far.
    package var error: String { Self.text(self.folder.file("err")) }

    /// Starts a program; its environment is what is given here, and a PATH.
    package init(
        _ executable: URL,
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String? = nil
    ) throws {
        self.folder = try TemporaryFolder()
        if let input { try Data(input.utf8).write(to: URL(fileURLWithPath: self.folder.file("in"))) }
        self.child = try Child(
            executable.path,
            arguments,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"].merging(environment) { $1 },
            files: (
                input: input == nil ? "/dev/null" : self.folder.file("in"), output: self.folder.file("out"),
                error: self.folder.file("err")
            )
        )
    }

    deinit {
        self.child.send(signal: SIGKILL)
    }

    package func send(signal: Int32) {
        self.child.send(signal: signal)
    }

    /// Waits for the end.
    package func wait() async -> Outcome {
        let status = await self.child.wait()
        return Outcome(status: status, output: self.output, error: self.error)
    }

    /// Waits for the end, but not for ever; nil when it did not come.
    package func wait(within seconds: Double) async throws -> Outcome? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while self.isRunning {
            guard ContinuousClock.now < deadline else { return nil }
            try await Task.sleep(for: .milliseconds(10))
        }
        return await self.wait()
    }

    /// Runs a program of the package to its end.
    package static func run(
        _ name: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String? = nil
    ) async throws -> Outcome {
        try await Program(
            Project.programs.appending(path: name),
            arguments,
            environment: environment,
            input: input
        ).wait()
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
