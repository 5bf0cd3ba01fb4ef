import Journal
import Monday
import Orders
import Warehouse

/// Pairs orders of the source with items that stood on the board before ordersync: a pure value.
///
/// Order number, canonical customer, style and colour must agree. Where several orders or items share these, sizes decide, then
/// the PO number, then the number of fields that differ; a pair counts only when each is the other's one best. What can't be told
/// apart is left to a person.
struct Cutover {
    /// An item without an order key, and what is known of it.
    struct Item: Sendable {
        let item: BoardItem
        let subitems: [LedgerSubitem]
        /// Its row in production, for what the board does not show.
        let row: ProductionOrder?

        init(item: BoardItem, subitems: [LedgerSubitem], row: ProductionOrder?) {
            self.item = item
            self.subitems = subitems
            self.row = row
        }
    }

    /// Positions of an order and its item, and how many of the order's fields the item shows otherwise.
    struct Pair: Hashable {
        let order: Int
        let item: Int
        let differences: Int
    }

    /// Orders and items that share number, customer, style and colour, and that nothing tells apart.
    struct Tie: Hashable {
        let orders: [Int]
        let items: [Int]
    }

    private(set) var pairs: [Pair] = []
    private(set) var ties: [Tie] = []
    /// Orders without an item: to be made by the next run.
    private(set) var newOrders: [Int] = []
    /// Items that no order explains.
    private(set) var unexplained: [Int] = []

    private let fieldMap: FieldMap

    init(orders: [Order], items: [Item], fieldMap: FieldMap) {
        self.fieldMap = fieldMap
        let names = KeyFields(fieldMap)
        let ordersByName = Dictionary(grouping: orders.indices) { names.name(of: orders[$0]) }
        let itemsByName = Dictionary(grouping: items.indices) { names.name(of: items[$0]) }
        for (name, places) in ordersByName {
            guard let name, let found = itemsByName[name] else {
                self.newOrders += places
                continue
            }
            self.pair(places, found, orders, items)
        }
        for (name, places) in itemsByName where name.map({ ordersByName[$0] == nil }) ?? true {
            self.unexplained += places
        }
        self.pairs.sort { $0.order < $1.order }
        self.ties.sort { ($0.orders.first ?? 0) < ($1.orders.first ?? 0) }
        self.newOrders.sort()
        self.unexplained.sort()
    }

    /// Pairs what shares a name: again and again those that are each other's one best.
    private mutating func pair(_ orders: [Int], _ items: [Int], _ all: [Order], _ board: [Item]) {
        var (orders, items) = (orders.sorted(), items.sorted())
        var distances: [Int: [Int: Distance]] = [:]
        for order in orders {
            for item in items {
                distances[order, default: [:]][item] = Distance(all[order], board[item], self.fieldMap)
            }
        }
        func distance(_ order: Int, _ item: Int) -> Distance { distances[order]?[item] ?? .farthest }
        var isMoving = true
        while isMoving, !orders.isEmpty, !items.isEmpty {
            isMoving = false
            for order in orders {
                guard let item = Self.best(of: items, by: { distance(order, $0) }),
                    Self.best(of: orders, by: { distance($0, item) }) == order
                else { continue }
                self.pairs.append(Pair(order: order, item: item, differences: distance(order, item).fields))
                orders.removeAll { $0 == order }
                items.removeAll { $0 == item }
                isMoving = true
                break
            }
        }
        if !orders.isEmpty, !items.isEmpty {
            self.ties.append(Tie(orders: orders, items: items))
        } else {
            self.newOrders += orders
            self.unexplained += items
        }
    }

    /// The one candidate that is nearer than every other; nil when there is no such.
    private static func best(of candidates: [Int], by distance: (Int) -> Distance) -> Int? {
        guard let best = candidates.min(by: { distance($0) < distance($1) }) else { return nil }
        return candidates.contains { $0 != best && distance($0) == distance(best) } ? nil : best
    }
}

extension Cutover {
    /// How far an order is from an item of the same name.
    struct Distance: Hashable, Comparable {
        let sizes: Int
        let purchaseOrder: Int
        let fields: Int

        static let farthest = Distance(sizes: .max, purchaseOrder: .max, fields: .max)

        private init(sizes: Int, purchaseOrder: Int, fields: Int) {
            self.sizes = sizes
            self.purchaseOrder = purchaseOrder
            self.fields = fields
        }

        init(_ order: Order, _ item: Item, _ fieldMap: FieldMap) {
            let wanted = Dictionary(order.sizes.map { ($0.label, Int64($0.quantity)) }) { first, _ in first }
            let found = Dictionary(item.subitems.filter { $0.quantity != 0 }.map { ($0.size, $0.quantity) }) {
                first,
                _ in first
            }
            self.sizes = wanted == found ? 0 : 1
            var fields = 0
            var purchaseOrder = 0
            for (field, value) in zip(fieldMap.fields, order.values) where field.mondayColumn != nil {
                let expected = value.map { field.boardValue($0).text }
                guard !BoardText.shows(item.text(field), expected) else { continue }
                fields += 1
                if field.source == fieldMap.keys.poNumber { purchaseOrder = 1 }
            }
            self.fields = fields
            self.purchaseOrder = purchaseOrder
        }

        static func < (left: Distance, right: Distance) -> Bool {
            (left.sizes, left.purchaseOrder, left.fields) < (right.sizes, right.purchaseOrder, right.fields)
        }
    }

    /// The fields by which people name an order.
    private struct KeyFields {
        private let fields: [Field]
        private let customer: Int?
        private let fieldMap: FieldMap

        init(_ fieldMap: FieldMap) {
            self.fieldMap = fieldMap
            let keys = fieldMap.keys
            let sources = [keys.orderNumber, keys.customer, keys.style, keys.colour]
            self.fields = sources.compactMap { source in fieldMap.fields.first { $0.source == source } }
            self.customer = self.fields.firstIndex { $0.source == keys.customer }
        }

        func name(of order: Order) -> [String]? {
            self.name { field in order.values[field.index].map { field.boardValue($0).text } }
        }

        func name(of item: Item) -> [String]? { self.name { item.text($0) } }

        /// Nil without an order number, which names nothing.
        private func name(_ text: (Field) -> String?) -> [String]? {
            var parts = self.fields.map { Self.folded(text($0) ?? "") }
            guard let number = parts.first, !number.isEmpty else { return nil }
            if let customer { parts[customer] = Self.folded(self.fieldMap.canonicalCustomer(parts[customer])) }
            return parts
        }

        /// Boards were filled by hand and by programs that trimmed less.
        private static func folded(_ text: String) -> String {
            text.split { $0.isWhitespace }.joined(separator: " ").uppercased()
        }
    }
}

extension Cutover.Item {
    /// What the item shows of a field; where the board shows nothing, what its row in production says.
    func text(_ field: Field) -> String? {
        if let text = field.mondayColumn.flatMap({ self.item.texts[$0] }) { return text }
        guard let text = self.row?.values[field.staging] else { return nil }
        return field.rule == .date ? String(text.prefix(10)) : text
    }
}
