import Journal
import Monday
import Orders
import Warehouse

/// Compares the ledger with what stands on the board and in the production tables: a pure value.
///
/// The ledger knows what each order was last brought to, so that is what is expected. Columns that people may have changed
/// for good (`on_board: keep`) are not compared.
struct BoardAudit {
    /// What was read of the board.
    struct Contents {
        /// Active items.
        var items: [BoardItem] = []
        /// Titles by group id.
        var groups: [String: String] = [:]
        /// Subitems by the id of their item.
        var subitems: [Int64: [BoardSubitem]] = [:]
    }

    let fieldMap: FieldMap
    let keyColumn: String?
    /// Whether people and other programs make items on the board too.
    let isShared: Bool

    /// Everything that does not agree, order by order as the ledger knows them.
    ///
    /// - Parameters:
    ///   - ledger: Every order that is known; those in work are passed over.
    ///   - contents: The board.
    ///   - production: The production tables; nil when they are not looked at.
    /// - Returns: The findings, each with the order it is about where that is known.
    func findings(ledger: [LedgerRecord], contents: Contents, production: Production?) -> [AuditFinding] {
        let byID = Dictionary(contents.items.map { ($0.id, $0) }) { first, _ in first }
        let byKey = Dictionary(grouping: contents.items.filter { $0.key != nil }) { $0.key }
        let rows = Dictionary(
            (production?.orders ?? []).compactMap { row in row.orderKey.map { ($0, row) } }
        ) { first, _ in first }
        var findings: [AuditFinding] = []
        var explained: Set<Int64> = []
        var known: Set<OrderKey> = []
        for record in ledger {
            known.insert(record.orderKey)
            let carriers = byKey[record.orderKey] ?? []
            explained.formUnion(carriers.map(\.id))
            if let id = record.itemID { explained.insert(id) }
            guard !record.isInWork else { continue }
            var own = self.compare(record, record.itemID.flatMap { byID[$0] }, contents)
            own += Self.strangers(record, carriers)
            if let production {
                own += ProductionAudit(fieldMap: self.fieldMap, columns: production.columns)
                    .findings(record, rows[record.orderKey], production.subitems[record.orderKey] ?? [])
            }
            for var finding in own {
                finding.orderKey = record.orderKey.description
                finding.orderNumber = record.orderNumber
                finding.customer = record.customer
                findings.append(finding)
            }
        }
        findings += self.unexplained(contents.items.filter { !explained.contains($0.id) })
        for row in rows.values.sorted(by: { $0.orderKey?.description ?? "" < $1.orderKey?.description ?? "" })
        where row.orderKey.map({ !known.contains($0) }) ?? false {
            var finding = AuditFinding(.productionExtra, item: row.itemID, isRepairable: false)
            finding.orderKey = row.orderKey?.description
            findings.append(finding)
        }
        return findings
    }

    /// Compares an order with its item.
    private func compare(_ record: LedgerRecord, _ item: BoardItem?, _ contents: Contents) -> [AuditFinding] {
        guard let id = record.itemID else { return [] }
        guard !record.isArchived else {
            guard item != nil else { return [] }
            return [AuditFinding(.extra, item: id, found: "archived once", isRepairable: record.retired == .archive)]
        }
        guard let item else { return [AuditFinding(.missing, item: id, isRepairable: record.snapshot != nil)] }
        var findings: [AuditFinding] = []
        if let order = record.snapshot.flatMap({ try? Order(snapshot: $0, fieldMap: self.fieldMap) }) {
            findings += self.columns(order, item)
            let title = item.group.map { contents.groups[$0] ?? $0 }
            if title != order.group {
                findings.append(
                    AuditFinding(.group, item: id, expected: order.group, found: title, isRepairable: true)
                )
            }
        }
        if let keyColumn, item.key != record.orderKey {
            findings.append(
                AuditFinding(
                    .column,
                    item: id,
                    place: keyColumn,
                    expected: record.orderKey.description,
                    found: item.texts[keyColumn],
                    isRepairable: true
                )
            )
        }
        return findings + Self.subitems(record, contents.subitems[id] ?? [])
    }

    private func columns(_ order: Order, _ item: BoardItem) -> [AuditFinding] {
        var findings: [AuditFinding] = []
        if item.name != order.title {
            findings.append(
                AuditFinding(
                    .column,
                    item: item.id,
                    place: "name",
                    expected: order.title,
                    found: item.name,
                    isRepairable: true
                )
            )
        }
        guard order.columnsDigest == self.fieldMap.columnsDigest else { return findings }
        for (field, value) in zip(self.fieldMap.fields, order.values) {
            guard let column = field.mondayColumn, field.onBoard == .overwrite else { continue }
            let expected = value.map { field.boardValue($0).text }
            guard !BoardText.shows(item.texts[column], expected) else { continue }
            findings.append(
                AuditFinding(
                    .column,
                    item: item.id,
                    place: column,
                    expected: expected,
                    found: item.texts[column],
                    isRepairable: true
                )
            )
        }
        return findings
    }

    private static func subitems(_ record: LedgerRecord, _ found: [BoardSubitem]) -> [AuditFinding] {
        var findings: [AuditFinding] = []
        let ours = Dictionary(LedgerSubitem.known(found).map { ($0.size, $0) }) { first, _ in first }
        for subitem in record.subitems {
            let expected = String(subitem.quantity)
            guard let there = ours[subitem.size] else {
                findings.append(
                    AuditFinding(
                        .subitemMissing,
                        item: subitem.id,
                        place: subitem.size,
                        expected: expected,
                        isRepairable: true
                    )
                )
                continue
            }
            guard there.quantity != subitem.quantity else { continue }
            findings.append(
                AuditFinding(
                    .quantity,
                    item: there.id,
                    place: subitem.size,
                    expected: expected,
                    found: String(there.quantity),
                    isRepairable: true
                )
            )
        }
        let expected = Set(record.subitems.map(\.size))
        for subitem in found where subitem.isActive {
            guard let size = subitem.size, expected.contains(size), ours[size]?.id == subitem.id else {
                findings.append(
                    AuditFinding(
                        .subitemExtra,
                        item: subitem.id,
                        place: subitem.size ?? subitem.name,
                        isRepairable: false
                    )
                )
                continue
            }
        }
        return findings
    }

    /// Items that carry the order's key and are not its item.
    private static func strangers(_ record: LedgerRecord, _ carriers: [BoardItem]) -> [AuditFinding] {
        carriers.filter { $0.id != record.itemID }.map { item in
            let isSecond = record.itemID != nil && !record.isArchived
            return AuditFinding(
                isSecond ? .duplicate : .extra,
                item: item.id,
                expected: isSecond ? record.itemID.map(String.init) : nil,
                found: item.name,
                isRepairable: false
            )
        }
    }

    /// Items that no order of the ledger explains.
    private func unexplained(_ items: [BoardItem]) -> [AuditFinding] {
        items.sorted { $0.id < $1.id }.compactMap { item in
            guard item.key != nil || !self.isShared else { return nil }
            var finding = AuditFinding(
                item.key == nil ? .unexplained : .extra,
                item: item.id,
                found: item.name,
                isRepairable: false
            )
            finding.orderKey = item.key?.description
            return finding
        }
    }
}
