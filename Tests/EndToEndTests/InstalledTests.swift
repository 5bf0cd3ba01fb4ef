import Foundation
import TestSupport
import Testing

/// A systemd that is the first process of its own namespaces.
enum LiveSystemd {
    static let boot = Project.path("Tests/installed/boot.sh")

    /// Whether this is root, on a kernel that has what it takes.
    static func isPossible() async throws -> Bool {
        guard getuid() == 0 else { return false }
        return await (try Program(URL(filePath: self.boot), ["--probe"])).wait().status == 0
    }
}

/// The units at work under a live systemd: installed by the README's own commands.
@Suite(.serialized, .enabled("systemd can't be booted here") { try await LiveSystemd.isPossible() })
struct InstalledTests {
    /// The README's commands to install, without the first, which builds, and the last, which needs the configuration.
    private func commands() throws -> String {
        let text = try String(contentsOfFile: Project.path("README.md"), encoding: .utf8)
        let chapter = try #require(text.components(separatedBy: "\n## Installing\n").last)
        let lines = chapter.components(separatedBy: "```")[1].split(separator: "\n").dropFirst()
        try #require(lines.first?.hasPrefix("make build") == true)
        try #require(lines.last == "ordersyncd migrate && ordersyncd check && systemctl enable --now ordersyncd")
        return lines.dropFirst().dropLast().joined(separator: "\n")
            .replacing(".build/release/", with: "/run/install/").replacing(" my-", with: " /run/install/my-")
    }

    @Test("installed as the README says, the units check, work, outlive a kill, are audited, and end in good order")
    func installed() async throws {
        let folder = try TemporaryFolder()
        let sandbox = try await Sandbox()
        let head = [
            "INSTALL": try self.commands(), "BIN": Project.programs.path, "PROJECT": Project.root.path,
            "PYTHON": Project.python, "ENDPOINT": sandbox.endpoint, "TOKEN": Sandbox.token,
        ]
        // Single quotes keep all but themselves, and none of these has one.
        try #require(head.values.allSatisfy { !$0.contains("'") })
        let script = try String(contentsOfFile: Project.path("Tests/installed/script.sh"), encoding: .utf8)
        try Data((head.map { "\($0.key)='\($0.value)'\n" }.joined() + script).utf8)
            .write(to: URL(filePath: folder.file("script")))
        let machine = try Program(URL(filePath: LiveSystemd.boot), [folder.path])
        let outcome = try await machine.wait(within: 300)
        let log = (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? ""
        let told = "\(log)\n\(outcome.map { "\($0)" } ?? "still there")"
        let said = log.split(separator: "\n").filter { $0.hasPrefix("== ") }.map { String($0.dropFirst(3)) }
        for line in [
            "migrate: nothing to do: 69 objects already there", "check: fine", "start: fine",
            "owner of the warehouse: ordersync", "enqueue: fine", "enqueue said: 69 jobs enqueued by run 1",
            "after the run: idle: 0 in work, 0 ready", "by hand: 0", "owners: ordersync", "killed: 0", "restarts: 1",
            "audit: fine", "result: success", "mistake: refused", "then: 78 failed", "said: 1",
        ] { #expect(said.contains(line), "\(line): \(told)") }
        #expect(!said.contains { $0.hasPrefix("never came") }, "\(told)")
        #expect(BoardPicture(try await sandbox.state()).items.count == 79, "\(told)")
        for words in ["ordersyncd works", "a batch is over", "ends in good order"] {
            #expect(log.contains(words), "\(words): \(told)")
        }
    }
}
