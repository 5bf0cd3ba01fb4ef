import Foundation
import Journal
import Monday
import Orders
import TestSupport
import Testing

@testable import SyncEngine

@Suite struct CutoverTests {
    private let fieldMap: FieldMap

    init() throws {
        self.fieldMap = try FieldMap.load(
            yaml: try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8),
            name: "fieldmap.yaml"
        )
    }

    private func order(
        _ number: String,
        colour: String? = "WHITE",
        po: String = "4755",
        notes: String? = nil,
        sizes: [String: Int32] = [:]
    ) -> Order {
        let key = BusinessKey(orderNumber: number, customer: "GREYSON CLOTHIERS", style: "MSP", colour: colour)
        let values: [String: String?] = [
            "AAG ORDER NUMBER": number, "CUSTOMER": "GREYSON", "STYLE": "MSP", "COLOR": colour, "PO NUMBER": po,
            "NOTES": notes,
        ]
        return Order(
            businessKey: key,
            recordUUID: UUID(),
            group: "GREYSON CLOTHIERS 2025 FALL",
            title: "MSP \(colour ?? "") \(number)",
            customer: "GREYSON",
            poNumber: po,
            values: self.fieldMap.fields.map { field in (values[field.staging] ?? nil).map { .text($0) } },
            sizes: sizes.sorted { $0.key < $1.key }.map { SizeQuantity(label: $0.key, quantity: $0.value) }
        )
    }

    /// An item as the predecessor would have made it of an order, changed here and there.
    private func item(
        _ id: Int64,
        _ order: Order,
        _ changes: [String: String?] = [:],
        sizes: [String: Int64]? = nil
    ) -> Cutover.Item {
        var texts: [String: String] = [:]
        for column in order.columnValues(self.fieldMap) { texts[column.columnID] = column.value?.text }
        for (staging, text) in changes {
            guard let column = self.fieldMap.fields.first(where: { $0.staging == staging })?.mondayColumn else {
                continue
            }
            texts[column] = text
        }
        let found = sizes ?? Dictionary(order.sizes.map { ($0.label, Int64($0.quantity)) }) { first, _ in first }
        return Cutover.Item(
            item: BoardItem(
                id: id,
                name: order.title,
                state: "active",
                board: 1,
                group: "topics",
                key: nil,
                texts: texts
            ),
            subitems: found.map { LedgerSubitem(size: $0.key, id: id * 100, quantity: $0.value) },
            row: nil
        )
    }

    private func pairs(_ cutover: Cutover) -> [[Int]] { cutover.pairs.map { [$0.order, $0.item, $0.differences] } }

    @Test(
        "an order and an item of one name are a pair, however customer and blanks are spelt, and whatever else differs"
    )
    func plain() {
        let orders = [self.order("GRE-1"), self.order("GRE-2", colour: nil), self.order("GRE-3", notes: "new")]
        let items = [
            self.item(30, orders[2], ["NOTES": "old", "PO NUMBER": "1"]),
            self.item(10, orders[0], ["CUSTOMER": "Greyson  Clothiers", "STYLE": " msp"]),
            self.item(20, orders[1]),
        ]
        let cutover = Cutover(orders: orders, items: items, fieldMap: self.fieldMap)
        #expect(self.pairs(cutover) == [[0, 1, 2], [1, 2, 0], [2, 0, 2]])
        #expect(cutover.ties.isEmpty && cutover.newOrders.isEmpty && cutover.unexplained.isEmpty)
    }

    @Test("what only one side has is told, and nothing is paired across names")
    func leftovers() {
        let orders = [self.order("GRE-1"), self.order("GRE-2")]
        let items = [
            self.item(10, orders[0]), self.item(11, self.order("GRE-9")),
            self.item(12, orders[1], ["AAG ORDER NUMBER": nil]),
        ]
        let cutover = Cutover(orders: orders, items: items, fieldMap: self.fieldMap)
        #expect(self.pairs(cutover) == [[0, 0, 0]])
        #expect(cutover.newOrders == [1] && cutover.unexplained == [1, 2])
    }

    @Test("twins are told apart by their sizes, then by PO, then by the fewest differing fields; the last pair follows")
    func twins() {
        let sizes = [119, 94, 228].map { self.order("BOR-1", sizes: ["M": $0]) }
        let bySize = Cutover(
            orders: sizes,
            items: [self.item(1, sizes[2]), self.item(2, sizes[0]), self.item(3, sizes[1], sizes: ["M": 95])],
            fieldMap: self.fieldMap
        )
        #expect(self.pairs(bySize) == [[0, 1, 0], [1, 2, 0], [2, 0, 0]])

        let orders = [self.order("BOR-1", po: "A"), self.order("BOR-1", po: "B")]
        let byPO = Cutover(
            orders: orders,
            items: [self.item(1, orders[1], ["NOTES": "x"]), self.item(2, orders[0], ["NOTES": "y"])],
            fieldMap: self.fieldMap
        )
        #expect(self.pairs(byPO) == [[0, 1, 1], [1, 0, 1]])

        let alike = [self.order("BOR-1", notes: "one"), self.order("BOR-1", notes: "two")]
        let byField = Cutover(
            orders: alike,
            items: [self.item(1, alike[1]), self.item(2, alike[0])],
            fieldMap: self.fieldMap
        )
        #expect(self.pairs(byField) == [[0, 1, 0], [1, 0, 0]])
    }

    @Test("what nothing tells apart is left to a person, and keeps nobody else from being paired")
    func ties() {
        let same = self.order("BOR-1")
        let odd = self.order("BOR-1", sizes: ["M": 7])
        let cutover = Cutover(
            orders: [same, odd, same],
            items: [self.item(1, same), self.item(2, odd), self.item(3, same)],
            fieldMap: self.fieldMap
        )
        #expect(self.pairs(cutover) == [[1, 1, 0]])
        #expect(cutover.ties == [Cutover.Tie(orders: [0, 2], items: [0, 2])])
        // One order and two items alike in everything: somebody made it twice.
        let double = Cutover(orders: [same], items: [self.item(1, same), self.item(2, same)], fieldMap: self.fieldMap)
        #expect(double.pairs.isEmpty && double.ties == [Cutover.Tie(orders: [0], items: [0, 1])])
        let better = Cutover(
            orders: [same],
            items: [self.item(1, same, ["NOTES": "x"]), self.item(2, same)],
            fieldMap: self.fieldMap
        )
        #expect(self.pairs(better) == [[0, 1, 0]] && better.unexplained == [0])
    }

    @Test("the pairs do not depend on the sequence of rows and items")
    func sequence() {
        let orders = (0..<40).map { n in
            self.order("GRE-\(n / 4)", po: "\(n % 2)", notes: "\(n % 3)", sizes: ["M": Int32(n % 4 + 1)])
        }
        let items = orders.enumerated().map { n, order in
            self.item(Int64(n + 1), order, n % 5 == 0 ? ["NOTES": "changed"] : [:])
        }
        func result(_ orders: [Order], _ items: [Cutover.Item]) -> Set<String> {
            let cutover = Cutover(orders: orders, items: items, fieldMap: self.fieldMap)
            return Set(
                cutover.pairs.map { "\(orders[$0.order].recordUUID?.uuidString ?? "") \(items[$0.item].item.id)" }
            )
        }
        let expected = result(orders, items)
        #expect(expected.count == 40)
        #expect(result(orders.reversed(), items) == expected)
        #expect(result(orders, items.reversed()) == expected)
    }
}
