import Foundation
import TestSupport
import Testing

/// What systemd itself says of the files in `systemd/`.
@Suite struct UnitTests {
    private static let services = [
        "ordersyncd.service", "ordersync-enqueue@.service", "ordersync-audit.service",
    ]

    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: Project.path("systemd/\(name)"), encoding: .utf8)
    }

    /// Copies the units, with programs that exist on every machine in place of ours.
    private func copyUnits() throws -> [String] {
        try (Self.services + ["ordersync-enqueue@.timer", "ordersync-audit.timer"]).map { name in
            let text = try self.text(name).replacing(/\/usr\/bin\/ordersync[a-z-]*/, with: "/bin/true")
            try text.write(toFile: self.folder.file(name), atomically: true, encoding: .utf8)
            return self.folder.file(name)
        }
    }

    private func run(_ program: String, _ arguments: [String]) async throws -> Program.Outcome {
        try await Program(URL(filePath: "/usr/bin/\(program)"), arguments).wait()
    }

    @Test("systemd finds nothing wrong with the units")
    func verify() async throws {
        let outcome = try await self.run("systemd-analyze", ["verify"] + self.copyUnits())
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.isEmpty && outcome.error.isEmpty, "\(outcome)")
    }

    @Test("a unit with a mistake would be found")
    func verifyFinds() async throws {
        let units = try self.copyUnits()
        let broken = try String(contentsOfFile: units[0], encoding: .utf8) + "\n[Service]\nWatchdogSek=1\n"
        try broken.write(toFile: units[0], atomically: true, encoding: .utf8)
        let outcome = try await self.run("systemd-analyze", ["verify", units[0]])
        #expect(outcome.error.contains("WatchdogSek"))
    }

    @Test("the services are hardened to an exposure of at most 2.0 of 10", arguments: services)
    func security(service: String) async throws {
        let unit = try #require(self.copyUnits().first { $0.hasSuffix(service) })
        // The threshold is in tenths.
        let arguments = ["security", "--offline=yes", "--threshold=20", "--no-pager", unit]
        let outcome = try await self.run("systemd-analyze", arguments)
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test("the daemon's unit says what the daemon relies on")
    func daemon() throws {
        let lines = Set(try self.text("ordersyncd.service").split(separator: "\n").map(String.init))
        for line in [
            "Type=notify", "ExecStart=/usr/bin/ordersyncd run --config /etc/ordersync/ordersync.yaml",
            "User=ordersync", "StateDirectory=ordersync", "RuntimeDirectory=ordersync", "Restart=on-failure",
            "LoadCredential=monday-token:ordersync.monday-token", "LoadCredential=db-password:ordersync.db-password",
        ] { #expect(lines.contains(line), "\(line)") }
        #expect(lines.contains { $0.hasPrefix("WatchdogSec=") })
        let prevented = try #require(lines.first { $0.hasPrefix("RestartPreventExitStatus=") })
        #expect(prevented.split { $0 == "=" || $0 == " " }.contains("78"))
    }

    @Test("an enqueue instance gets its arguments from a file, as words that quotes keep together")
    func enqueue() throws {
        let lines = Set(try self.text("ordersync-enqueue@.service").split(separator: "\n").map(String.init))
        #expect(lines.contains("Type=oneshot"))
        #expect(lines.contains("EnvironmentFile=/etc/ordersync/enqueue/%i.env"))
        let start = "ExecStart=/usr/bin/ordersync-enqueue --config /etc/ordersync/ordersync.yaml $ORDERSYNC_ARGUMENTS"
        #expect(lines.contains(start))
        // The runtime folder goes when a unit that names it ends, and with it the daemon's socket.
        #expect(!lines.contains { $0.hasPrefix("RuntimeDirectory=") })
    }

    @Test("user and folders are made as the units need them", .enabled(if: getuid() == 0))
    func folders() async throws {
        let root = self.folder.file("root")
        try FileManager.default.createDirectory(atPath: root + "/etc", withIntermediateDirectories: true)
        let users = try await self.run(
            "systemd-sysusers",
            ["--root=\(root)", Project.path("systemd/sysusers.d/ordersync.conf")]
        )
        #expect(users.status == 0, "\(users)")
        let passwd = try String(contentsOfFile: root + "/etc/passwd", encoding: .utf8)
        #expect(passwd.contains(/ordersync:x:\d+:\d+:[^:]*:\/var\/lib\/ordersync:\/usr\/sbin\/nologin/))
        let folders = try await self.run(
            "systemd-tmpfiles",
            ["--create", "--root=\(root)", Project.path("systemd/tmpfiles.d/ordersync.conf")]
        )
        #expect(folders.status == 0, "\(folders)")
        for (path, mode) in [
            ("/etc/ordersync/enqueue", 0o755), ("/etc/credstore", 0o700), ("/var/lib/ordersync", 0o750),
        ] {
            let attributes = try FileManager.default.attributesOfItem(atPath: root + path)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
        }
    }
}
