import Foundation
import TestSupport
import Testing

/// The README's chapter "When something fails", carried out word by word, so that it can't come to tell anything else than
/// the programs do.
@Suite(.serialized) struct ReadmeTests {
    /// A command of the chapter, or a query, and the lines that come of it.
    private struct Step {
        let command: String
        var output: [String] = []
        /// Whether it is SQL for the warehouse.
        let isQuery: Bool
    }

    /// The fenced blocks of the chapter.
    private static func blocks() throws -> [[Step]] {
        let text = try String(contentsOfFile: Project.path("README.md"), encoding: .utf8)
        let chapter = try #require(text.components(separatedBy: "\n## When something fails\n").last)
            .components(separatedBy: "\n## ")[0]
        var blocks: [[Step]] = []
        var fence: String?
        for line in chapter.components(separatedBy: "\n") {
            if line.hasPrefix("```") {
                if fence == nil { blocks.append([]) }
                fence = fence == nil ? String(line.dropFirst(3)) : nil
            } else if let kind = fence {
                var block = blocks.removeLast()
                if kind == "console", line.hasPrefix("$ ") {
                    block.append(Step(command: String(line.dropFirst(2)), isQuery: false))
                } else if kind == "sql", !line.hasPrefix("-- ") {
                    block.append(Step(command: line, isQuery: true))
                } else if var step = block.popLast() {
                    step.output.append(kind == "sql" ? String(line.dropFirst(3)) : line)
                    block.append(step)
                }
                blocks.append(block)
            }
        }
        return blocks
    }

    @Test("every command of the chapter on failures does what the README shows")
    func chapter() async throws {
        let blocks = try Self.blocks()
        #expect(blocks.map(\.count) == [2, 2, 1, 1, 4, 4], "the chapter has other blocks than this test prepares")
        let bench = try await Workbench()
        #expect(try await bench.enqueueKnownOrder().status == 0)
        expect(0, of: try await bench.run("ordersyncd", "drain"))

        // A person archives an item that is about to change.
        let item = try #require(try await bench.board().items.first { $0.columns["text_mkr5wya6"] == "GRE-04801" }?.id)
        try await bench.sandbox.edit(#"{"do": "archive", "item": "\#(item)"}"#)
        try await self.change(bench, "GRE-04801", to: "ROTTERDAM")
        #expect(try await bench.enqueueKnownOrder().status == 0)
        expect(1, "an order died: ordersync-replay show 70", of: try await bench.run("ordersyncd", "drain"))
        try await self.play(blocks[0], on: bench)

        try await bench.sandbox.edit(#"{"do": "restore", "item": "\#(item)"}"#)
        try await self.play(blocks[1] + blocks[2], on: bench)

        try await self.change(bench, "GRE-04802", to: "OSLO")
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await self.play(blocks[3], on: bench)
        expect(0, of: try await bench.run("ordersyncd", "drain"))

        // A new order whose answer is lost, on a board without a key column.
        let configuration = try String(contentsOfFile: bench.configuration, encoding: .utf8)
        try configuration.split(separator: "\n").filter { !$0.contains("external_key_column") }
            .joined(separator: "\n").write(toFile: bench.configuration, atomically: true, encoding: .utf8)
        try await bench.generate(["--change", "add=1", "--customer", "GREYSON CLOTHIERS", "--po", "4755"])
        try await bench.sandbox.faults(
            #"[{"action": "lose_answer", "match": {"operation": "create_item"}, "times": 1}]"#
        )
        #expect(try await bench.enqueueKnownOrder().status == 0)
        try await self.play(blocks[4], on: bench)

        // The journal is damaged, on a board whose items have their keys.
        try configuration.write(toFile: bench.configuration, atomically: true, encoding: .utf8)
        let made = try #require(try await bench.board().items.first { $0.columns["text_mkr5wya6"] == "NEW-000188" })
        let key = try bench.journal("SELECT order_key FROM ledger WHERE order_number = 'NEW-000188'")[0]
        try await bench.sandbox.edit(
            #"{"do": "set", "item": "\#(made.id)", "values": {"\#(Sandbox.keyColumn)": "\#(key)"}}"#
        )
        try bench.damageJournal()
        try await self.play(blocks[5], on: bench)
        expect(0, "unchanged 70", of: try await bench.enqueueKnownOrder())
    }

    private func change(_ bench: Workbench, _ order: String, to destination: String) async throws {
        try await bench.change(
            "UPDATE ORDERS_UNIFIED SET [DESTINATION] = '\(destination)' WHERE [AAG ORDER NUMBER] = '\(order)'"
        )
    }

    // MARK: Playing

    private func play(_ steps: [Step], on bench: Workbench) async throws {
        for step in steps {
            let output =
                step.isQuery ? try self.rows(step.command, on: bench) : try await self.shell(step.command, on: bench)
            Self.compare(output, with: step.output, of: step.command, folder: bench.folder.path)
        }
    }

    /// The rows of a query on the warehouse, a line each.
    private func rows(_ query: String, on bench: Workbench) throws -> [String] {
        let parts = try #require(query.wholeMatch(of: /SELECT (.+?) (FROM .+)/))
        let columns = try parts.1.components(separatedBy: ", ").map { try bench.warehouse("SELECT \($0) \(parts.2)") }
        return (columns.first ?? []).indices.map { row in columns.map { $0[row] }.joined(separator: " | ") }
    }

    /// Runs a line as a person types it, in the folder of the journal.
    private func shell(_ command: String, on bench: Workbench) async throws -> [String] {
        // Ids of items are given by the board.
        var command = command
        if command.contains("--item 97") {
            let made = try #require(try await bench.board().items.first { $0.columns["text_mkr5wya6"] == "NEW-000188" })
            command = command.replacing(/--item 97\d+/, with: "--item \(made.id)")
        }
        let shell = try await Program(
            URL(fileURLWithPath: "/bin/sh"),
            ["-c", "cd '\(bench.folder.path)' && \(command) 2>&1"],
            environment: bench.environment.merging([
                "PATH": "\(Project.programs.path):/usr/bin:/bin", "ORDERSYNC_CONFIG": bench.configuration,
                "USER": "anna",
            ]) { $1 }
        ).wait()
        return shell.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast()
            .filter { !$0.hasPrefix("<") && !$0.hasPrefix("warning: ") }
    }

    /// Compares what came with what the README shows: `…` alone stands for any lines, at the end of a line for its rest.
    private static func compare(_ output: [String], with shown: [String], of command: String, folder: String) {
        var rest = output[...]
        var isAny = false
        for line in shown {
            if line == "…" {
                isAny = true
                continue
            }
            let wanted = self.plain(line, folder: folder)
            let matches = { (line: String) in
                let line = self.plain(line, folder: folder)
                return wanted.hasSuffix("…") ? line.hasPrefix(wanted.dropLast()) : line == wanted
            }
            guard
                let place = isAny
                    ? rest.firstIndex(where: matches) : rest.first.map(matches) == true ? rest.startIndex : nil
            else {
                Issue.record("\(command): README shows “\(line)”, but there came:\n\(output.joined(separator: "\n"))")
                return
            }
            rest = rest[(place + 1)...]
            isAny = false
        }
        #expect(isAny || rest.isEmpty, "\(command): more came than README shows: \(rest)")
    }

    /// The line without what differs from run to run: ages, sizes, ids and folders.
    private static func plain(_ line: String, folder: String) -> String {
        var line = line.replacing(folder, with: "/var/lib/ordersync")
        line.replace(/\b97\d{8}\b/, with: "ID")
        line.replace(/\b\d+(\.\d+)? (ms|s|min|h|d|B|KB|MB)\b/, with: "SOME")
        line.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "UUID")
        line.replace(/SQLite 3\.\d+\.\d+/, with: "SQLite 3")
        // Columns are as wide as the widest cell.
        line.replace(#/ {2,}/#, with: " ")
        return line.trimmingCharacters(in: .whitespaces)
    }
}
