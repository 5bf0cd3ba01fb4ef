import Foundation
import ODBC
import TestSupport
import Testing

/// The certificate of a T-SQL server, which is verified unless a person says otherwise.
///
/// `ORDERSYNC_TEST_SQLSERVER_CA` names the file of the CA that signed it, for the name under which the server is reached.
@Suite(
    .enabled(if: Backend.server != nil && ServerDatabase.authority != nil, "needs ORDERSYNC_TEST_SQLSERVER_CA"),
    .serialized,
    .onServer
)
struct ServerTrustTests {
    /// An installation that connects with verification, and what its programs need to trust a CA.
    private struct Installation {
        let configuration: String
        let environment: (_ authority: String) throws -> [String: String]

        init(_ database: ServerDatabase, in folder: TemporaryFolder) throws {
            var pairs = ConnectionString(database.connectionString).pairs
            let isFreeTDS = pairs.contains { $0.keyword == "driver" && $0.value.lowercased().contains("tds") }
            func take(_ keyword: String) -> String {
                defer { pairs.removeAll { $0.keyword == keyword } }
                return pairs.first { $0.keyword == keyword }?.value ?? ""
            }
            if isFreeTDS {
                let (host, port) = (take("server"), take("port"))
                pairs.append(("servername", "trusted"))
                self.environment = { authority in
                    let file = folder.file("freetds.conf")
                    let lines = [
                        "[trusted]", "host = \(host)", "port = \(port)", "ca file = \(authority)",
                        "check certificate hostname = yes",
                    ]
                    try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
                    return ["FREETDSCONF": file]
                }
            } else {
                self.environment = { ["SSL_CERT_FILE": $0] }
            }
            _ = (take("trustservercertificate"), take("encrypt"))
            let connection = pairs.map { "\($0.keyword)=\($0.value);" }.joined()
            self.configuration = folder.file("ordersync.yaml")
            let lines = [
                "journal:", "  path: \(folder.file("journal.sqlite"))", "source:", "  connection: \"\(connection)\"",
                "monday:", "  board: \(Sandbox.board)", "field_map: \(Project.path("systemd/fieldmap.yaml"))",
            ]
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: self.configuration))
        }
    }

    @Test("a certificate of a CA that is not trusted is refused with what to do, and one of a trusted CA serves")
    func trust() async throws {
        let database = try #require(try Backend.current.makeDatabase())
        let folder = try TemporaryFolder()
        let installation = try Installation(database, in: folder)
        // A CA that signed something else.
        let other = folder.file("other.crt")
        let made = try await Program(
            URL(fileURLWithPath: "/usr/bin/openssl"),
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder.file("other.key"), "-out", other,
                "-days", "1", "-subj", "/CN=other",
            ]
        ).wait()
        #expect(made.status == 0, "\(made)")
        func migrate(_ authority: String) async throws -> Program.Outcome {
            try await Program.run(
                "ordersyncd",
                ["migrate", "--config", installation.configuration],
                environment: try installation.environment(authority)
            )
        }
        let refused = try await migrate(other)
        expect(69, "warehouse_certificate", of: refused)
        #expect(refused.error.contains("TrustServerCertificate=yes") || refused.error.contains("ca file"), "\(refused)")
        let trusted = try await migrate(try #require(ServerDatabase.authority))
        #expect(trusted.status == 0, "\(trusted)")
    }
}
