import Foundation
import TestSupport
import Testing

struct ProgramTests {
    private func shell(_ script: String, input: String? = nil) throws -> Program {
        try Program(URL(fileURLWithPath: "/bin/sh"), ["-c", script], input: input)
    }

    @Test func `its status is the exit code, or 128 and the signal`() async throws {
        #expect(try await self.shell("exit 78").wait().status == 78)
        #expect(try await self.shell("kill -TERM $$").wait().status == 128 + SIGTERM)
    }

    @Test func `what it reads is its input, and what it writes is kept apart`() async throws {
        let outcome = try await self.shell("cat; echo wrong >&2", input: "right").wait()
        #expect(outcome.output == "right")
        #expect(outcome.error == "wrong\n")
    }

    @Test func `a program that can't be started says why`() {
        #expect { try Program(URL(fileURLWithPath: "/nowhere/program"), []) } throws: {
            "\($0)".contains("No such file or directory")
        }
    }

    @Test func `one that nobody holds any more is killed`() async throws {
        var program: Program? = try self.shell("echo $$; sleep 600")
        while program?.output.hasSuffix("\n") == false { try await Task.sleep(for: .milliseconds(10)) }
        let pid = try #require(program?.pid)
        #expect(kill(pid, 0) == 0)
        program = nil
        for _ in 0..<1000 where kill(pid, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(kill(pid, 0) == -1)
    }

    /// Two servers that were started at the same moment once held each other's standard input open, and waited for ever.
    @Test func `programs started at once inherit no file of one another`() async throws {
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    let pipe = Pipe()
                    defer { try? pipe.fileHandleForWriting.close() }
                    return try await self.shell("exec ls /proc/self/fd").wait().output
                }
            }
            // 3 is the folder that is being listed.
            for try await files in group { #expect(files == "0\n1\n2\n3\n") }
        }
    }
}
