import Foundation
import Journal
import Orders
import Warehouse

/// Compares an order of the ledger with its production rows: a pure value.
struct ProductionAudit {
    let fieldMap: FieldMap
    /// The columns that the table has.
    let columns: Set<String>

    func findings(
        _ record: LedgerRecord,
        _ row: ProductionOrder?,
        _ subitems: [ProductionSubitem]
    ) -> [AuditFinding] {
        // What was never brought to the board whole, or is off it, is no matter of production; nor what stopped on its way.
        guard record.isComplete, record.itemID != nil, !record.isArchived, !record.isStopped else { return [] }
        guard let row else { return [AuditFinding(.productionMissing, item: record.itemID, isRepairable: true)] }
        var findings: [AuditFinding] = []
        func compare(_ column: String, _ expected: String?, _ found: String?, _ isSame: Bool) {
            guard !isSame else { return }
            findings.append(
                AuditFinding(
                    .production,
                    item: record.itemID,
                    place: column,
                    expected: expected,
                    found: found,
                    isRepairable: true
                )
            )
        }
        compare("Item ID", record.itemID.map(String.init), row.itemID.map(String.init), record.itemID == row.itemID)
        if let hash = record.fingerprint?.hexadecimal {
            compare("source_hash", hash, row.values["source_hash"], hash == row.values["source_hash"]?.lowercased())
        }
        if let order = record.snapshot.flatMap({ try? Order(snapshot: $0, fieldMap: self.fieldMap) }) {
            for (column, expected) in [("Title", order.title), ("Group", order.group)]
            where self.columns.contains(column) {
                compare(
                    column,
                    expected,
                    row.values[column],
                    Self.isSame(expected, row.values[column], .text(maximumLength: nil))
                )
            }
            for (field, value) in zip(self.fieldMap.fields, order.values) where self.columns.contains(field.staging) {
                let found = row.values[field.staging]
                compare(field.staging, value?.text, found, Self.isSame(value?.text, found, field.stagingType))
            }
        }
        return findings + Self.sizes(record, subitems)
    }

    private static func sizes(_ record: LedgerRecord, _ rows: [ProductionSubitem]) -> [AuditFinding] {
        var findings: [AuditFinding] = []
        let bySize = Dictionary(rows.map { ($0.size, $0) }) { first, _ in first }
        for subitem in record.subitems {
            guard let row = bySize[subitem.size] else {
                findings.append(
                    AuditFinding(
                        .productionMissing,
                        item: subitem.id,
                        place: subitem.size,
                        expected: String(subitem.quantity),
                        isRepairable: true
                    )
                )
                continue
            }
            guard row.quantity != subitem.quantity || row.subitemID != subitem.id else { continue }
            findings.append(
                AuditFinding(
                    .production,
                    item: subitem.id,
                    place: subitem.size,
                    expected: "\(subitem.quantity) as \(subitem.id)",
                    found: "\(row.quantity.map(String.init) ?? "") as \(row.subitemID.map(String.init) ?? "")",
                    isRepairable: true
                )
            )
        }
        let expected = Set(record.subitems.map(\.size))
        for row in rows where !expected.contains(row.size) {
            findings.append(AuditFinding(.productionExtra, item: row.subitemID, place: row.size, isRepairable: true))
        }
        return findings
    }

    /// Whether a cell holds a value, in whatever type its column has: later tables hold texts of 255 characters, decimals of
    /// four places, and days as text.
    static func isSame(_ expected: String?, _ found: String?, _ type: Field.StagingType) -> Bool {
        guard let expected, let found else { return (expected ?? "").isEmpty && (found ?? "").isEmpty }
        switch type {
        case .date: return found.prefix(10) == expected.prefix(10)
        case .float:
            guard let left = Double(expected), let right = Double(found) else { return expected == found }
            return abs(left - right) <= max(abs(left) * 1e-9, 0.000_05)
        case .text:
            return BoardText.shows(found, expected) || found.utf16.count >= 255 && expected.hasPrefix(found)
        }
    }
}
