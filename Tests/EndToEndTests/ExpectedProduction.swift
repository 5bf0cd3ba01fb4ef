import Foundation
import Orders
import TestSupport

/// What the rows of production must hold of orders that are on the board, worked out from source and board alone.
struct ExpectedProduction {
    let shape: PredecessorShape
    let onServer: Bool
    let fields: [Field]
    /// The number of the subitems' board.
    let subitemBoard: String

    /// The row of an order, but for what differs from run to run: ``stamps``.
    func order(_ source: [String: String], _ item: BoardPicture.Item) -> [String: String] {
        let parts = ["CUSTOMER STYLE", "CUSTOMER COLOUR DESCRIPTION", "AAG ORDER NUMBER"].compactMap { source[$0] }
        var row = [
            "Title": parts.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " "),
            "Group": "GREYSON CLOTHIERS 2025 FALL", "Item ID": item.id, "order_key": item.key ?? "",
            "source_uuid": source["record_uuid"]?.lowercased() ?? "", "board_id": "\(Sandbox.board)",
            "change_type": "NEW", "source_customer": "GREYSON CLOTHIERS",
        ]
        for field in self.fields {
            row[field.staging] = source[field.source].flatMap { self.cell($0, field) }
        }
        return row
    }

    /// The columns that differ from run to run; they must be filled.
    static let stamps: Set<String> = ["batch_id", "synced_at", "source_hash", "key_digest"]

    /// The rows of an order's sizes, in the order of their ids.
    func sizes(_ item: BoardPicture.Item) -> [[String: String]] {
        item.subitemIDs.sorted { $0.value < $1.value }.map { size, id in
            [
                "parent_item_id": item.id, "subitem_id": id, "subitem_board_id": self.subitemBoard, "Size": size,
                "Order Qty": item.subitems[size] ?? "", "Item ID": id, "order_key": item.key ?? "", "size_label": size,
            ]
        }
    }

    /// A cell of the source as production has it; nil where that is NULL.
    private func cell(_ source: String, _ field: Field) -> String? {
        let text = source.trimmingCharacters(in: .whitespaces)
        guard !text.isEmpty else { return nil }
        switch field.rule {
        case .customer: return "GREYSON"
        case .text, .season: return field.source == "ORDER TYPE" ? Self.orderTypes[text.uppercased()] ?? text : text
        case .date: return String(text.prefix(10))
        case .number:
            let plain = text.filter { !"$,%".contains($0) }
            return self.number(text == "TRUE" ? 0 : Double(plain) ?? .nan, in: field.staging)
        }
    }

    private static let orderTypes = ["ACTIVE": "RECEIVED", "CANCELLED": "CANCELLED"]

    /// A number as its column shows it: FLOAT in the first shape; in the later one DECIMAL(18, 4), or text.
    private func number(_ value: Double, in column: String) -> String {
        let shortest = value == value.rounded() ? String(Int(value)) : "\(value)"
        guard self.shape == .deployed else { return "\(value)" }
        if PredecessorShape.decimals.contains(column) {
            // SQLite has no decimals: it keeps a number in its shortest form.
            return self.onServer ? String(format: "%.4f", value) : shortest
        }
        return self.onServer ? shortest : "\(value)"
    }
}
