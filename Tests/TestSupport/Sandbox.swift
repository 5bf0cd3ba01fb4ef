import Foundation

/// A Monday sandbox of one test's own.
package final class Sandbox: Sendable {
    package static let token = "sandbox-token"
    package static let board: Int64 = 9_200_517_329
    package static let keyColumn = "text_ordersync_key"

    private let program: Program
    private let folder: TemporaryFolder
    private let port: Int

    /// The address of its API.
    package var endpoint: String { "http://127.0.0.1:\(self.port)/v2" }

    /// Starts a sandbox and waits until it listens.
    package init(_ arguments: [String] = []) async throws {
        self.folder = try TemporaryFolder()
        let portFile = self.folder.file("port")
        self.program = try Program(
            URL(fileURLWithPath: Project.python),
            [
                Project.path("Tests/monday-sandbox/server.py"), "--port", "0", "--port-file", portFile,
                "--log", self.folder.file("mutations.log"), "--token", Self.token, "--die-with-parent",
            ] + arguments
        )
        var port: Int?
        _ = try await eventually { [program = self.program] in
            port = (try? String(contentsOfFile: portFile, encoding: .utf8)).flatMap {
                Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            return port != nil || !program.isRunning
        }
        guard let port else { throw SandboxError(text: "the sandbox did not start: \(self.program.error)") }
        self.port = port
    }

    deinit {
        self.program.send(signal: SIGTERM)
    }

    /// The whole board, as `/_sandbox/state` tells it.
    package func state() async throws -> JSONValue {
        try await self.call("GET", "state")
    }

    /// Every executed mutation.
    package func log() async throws -> [JSONValue] {
        try await self.call("GET", "log").array
    }

    /// Every request: when it came, what was answered, and which fault befell it.
    package func requests() async throws -> [JSONValue] {
        try await self.call("GET", "requests").array
    }

    /// Replaces the fault script by these rules, as JSON.
    package func faults(_ rules: String) async throws {
        _ = try await self.call("POST", "faults", rules)
    }

    /// As at the start: the board, no faults, no remembered keys.
    package func reset() async throws {
        _ = try await self.call("POST", "reset", "{}")
    }

    /// What a person does on the board, as JSON.
    package func edit(_ edit: String) async throws {
        _ = try await self.call("POST", "edit", edit)
    }

    /// Fills the sandbox anew with the boards of a file.
    package func reset(board file: String) async throws {
        _ = try await self.call("POST", "reset", "@" + file)
    }

    private func call(_ method: String, _ path: String, _ body: String? = nil) async throws -> JSONValue {
        // curl, since Foundation's own client brings a second libcurl into the process.
        var arguments = ["-sS", "--fail-with-body", "-X", method, "http://127.0.0.1:\(self.port)/_sandbox/\(path)"]
        if let body { arguments += ["-H", "Content-Type: application/json", "--data-binary", body] }
        let outcome = try await Program(URL(fileURLWithPath: "/usr/bin/curl"), arguments).wait()
        guard outcome.status == 0 else { throw SandboxError(text: "\(method) \(path): \(outcome)") }
        return try JSONValue(outcome.output)
    }
}

/// Why a sandbox could not be used.
package struct SandboxError: Error, CustomStringConvertible {
    let text: String
    package var description: String { self.text }
}
