import Foundation
import ODBC
import TestSupport
import Testing

/// A TCP proxy in front of a T-SQL server that cuts, refuses or stalls its connections, and counts round trips.
final class CuttingProxy: Sendable {
    let connectionString: String
    private let program: Program
    private let folder: TemporaryFolder

    /// Starts it before the server of a connection string.
    init(to connectionString: String) async throws {
        let pairs = ConnectionString(connectionString).pairs
        func value(_ keyword: String) -> String? { pairs.first { $0.keyword == keyword }?.value }
        let address = (value("server") ?? "127.0.0.1").replacing("tcp:", with: "").split(separator: ",")
        let port = address.count > 1 ? String(address[1]) : value("port") ?? "1433"
        self.folder = try TemporaryFolder()
        let command = self.folder.file("command")
        let program = try Program(
            URL(filePath: Project.path(".venv/bin/python")),
            [Project.path("Tests/WarehouseTests/cutting_proxy.py"), String(address[0]), port, command]
        )
        self.program = program
        while program.output.isEmpty, program.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        let listening = program.output.filter { !$0.isWhitespace }
        let isMicrosoft = value("port") == nil
        let others = pairs.filter { !["server", "port"].contains($0.keyword) }
        let server = isMicrosoft ? "server=tcp:127.0.0.1,\(listening);" : "server=127.0.0.1;port=\(listening);"
        self.connectionString = others.map { "\($0.keyword)=\($0.value);" }.joined() + server
    }

    /// Cuts every connection; new ones are let through.
    func cut() throws { try self.order("cut") }
    /// Cuts every connection, and every new one.
    func refuse() throws { try self.order("refuse") }
    /// Lets nothing more through on the connections that are, nor on new ones.
    func stall() throws { try self.order("stall") }
    /// Lets new connections through; those that are stalled are cut.
    func allow() throws { try self.order("allow") }

    /// How often a client has spoken after its server.
    func roundTrips() throws -> Int {
        try self.order("count")
        let told = try String(contentsOfFile: self.folder.file("command.count"), encoding: .utf8)
        return try #require(Int(told))
    }

    /// Gives an order, and waits until it is carried out.
    private func order(_ word: String) throws {
        let file = self.folder.file("command")
        try Data(word.utf8).write(to: URL(filePath: file + ".new"))
        try FileManager.default.moveItem(atPath: file + ".new", toPath: file)
        for _ in 1...500 {
            if !FileManager.default.fileExists(atPath: file) { return }
            Thread.sleep(forTimeInterval: 0.01)
        }
    }
}
