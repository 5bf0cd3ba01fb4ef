package import Journal
package import Monday
package import Orders
package import Warehouse

/// Looks at everything the programs need and changes nothing.
package struct HealthCheck: Sendable {
    /// What one look found.
    package struct Finding: Hashable, Sendable, Codable {
        package enum Verdict: String, Hashable, Sendable, Codable {
            case ok, warning, failed
        }

        package let subject: String
        package let verdict: Verdict
        /// What was seen; for a failure, what to do.
        package let detail: String
    }

    private let source: OrderSource
    private let warehouse: Warehouse
    private let client: MondayClient?
    private let fieldMap: FieldMap
    private let board: Int64
    private let keyColumn: String?

    package init(
        source: OrderSource,
        warehouse: Warehouse,
        client: MondayClient?,
        fieldMap: FieldMap,
        board: Int64,
        keyColumn: String?
    ) {
        self.source = source
        self.warehouse = warehouse
        self.client = client
        self.fieldMap = fieldMap
        self.board = board
        self.keyColumn = keyColumn
    }

    /// Looks at source, warehouse and board; one that fails does not keep the others from being looked at.
    package func run() async -> [Finding] {
        var findings: [Finding] = []
        findings += await self.checkSource()
        findings += await self.checkWarehouse()
        findings += await self.checkBoard()
        return findings
    }

    private func checkSource() async -> [Finding] {
        do {
            let layout = try await self.source.layout()
            let plan = try self.fieldMap.plan(for: layout)
            return [
                Finding(
                    subject: "source",
                    verdict: .ok,
                    detail: "\(layout.columns.count) columns, of which \(plan.sizeLabels.count) sizes"
                )
            ]
        } catch {
            return [Finding(subject: "source", verdict: .failed, detail: "\(error)")]
        }
    }

    private func checkWarehouse() async -> [Finding] {
        do {
            let missing = try await self.warehouse.missingTables()
            guard missing.isEmpty else {
                return [
                    Finding(
                        subject: "warehouse",
                        verdict: .failed,
                        detail: "missing: \(missing.joined(separator: ", ")); run `ordersyncd migrate`"
                    )
                ]
            }
            let shortcomings = try await self.warehouse.shortcomings()
            guard shortcomings.isEmpty else {
                return shortcomings.map { Finding(subject: "warehouse", verdict: .failed, detail: $0) }
            }
            let warning = self.warehouse.trustWarning.map {
                Finding(subject: "warehouse", verdict: .warning, detail: $0)
            }
            let fit = Finding(subject: "warehouse", verdict: .ok, detail: "all tables are there")
            return [fit] + [warning].compactMap(\.self)
        } catch {
            return [Finding(subject: "warehouse", verdict: .failed, detail: "\(error)")]
        }
    }

    /// Whether the journal is the one that fills the board.
    package func check(_ journal: Journal) async -> Finding {
        do {
            return switch try await JournalCheck.run(journal, self.warehouse, board: self.board) {
            case .ours: Finding(subject: "guard", verdict: .ok, detail: "the board is this journal's")
            case .unknown(let failure): Finding(subject: "guard", verdict: .warning, detail: "not compared: \(failure)")
            case .refused(let refusal): Finding(subject: "guard", verdict: .failed, detail: "\(refusal)")
            }
        } catch {
            return Finding(subject: "guard", verdict: .failed, detail: "\(error)")
        }
    }

    private func checkBoard() async -> [Finding] {
        guard let client else {
            return [Finding(subject: "board", verdict: .failed, detail: "no token: set monday.token_file")]
        }
        do {
            let board = try await client.board(self.board)
            let problems = BoardFit.problems(board: board, fieldMap: self.fieldMap, keyColumn: self.keyColumn)
            var findings = problems.map { Finding(subject: "board", verdict: .failed, detail: $0) }
            if self.keyColumn == nil {
                findings.append(
                    Finding(
                        subject: "board",
                        verdict: .warning,
                        detail: "monday.external_key_column is not set: an answer that is lost can't be looked up, "
                            + "and its job waits for a person; " + KeyColumn.advice(board)
                    )
                )
            }
            if problems.isEmpty {
                findings.insert(
                    Finding(
                        subject: "board",
                        verdict: .ok,
                        detail: "\"\(board.name)\": \(board.groups.count) groups, \(board.columns.count) columns, "
                            + "\(board.itemsCount.map(String.init) ?? "?") items"
                    ),
                    at: 0
                )
            }
            return findings
        } catch {
            return [Finding(subject: "board", verdict: .failed, detail: "\(error)")]
        }
    }
}
