import Journal
import Monday
import Orders
import Warehouse

/// What board and warehouse tell together of the orders: a pure value.
struct LedgerPicture {
    /// The item that is an order's, and those that carry its key beside it.
    struct Ours: Hashable {
        let id: Int64
        let group: String?
        /// Whether it stands on the board: one that was taken off may be put back there.
        var isActive = true
        var others: [Int64] = []
    }

    private(set) var ours: [OrderKey: Ours] = [:]
    /// Active items without an order key.
    private(set) var withoutKey = 0
    private var texts: [OrderKey: [String: String]] = [:]
    private let known: KnownOrders
    private let fieldMap: FieldMap

    /// An order has one item: the one that production names, else the one with the lowest id.
    init(items: [BoardItem], known: KnownOrders, fieldMap: FieldMap) {
        self.known = known
        self.fieldMap = fieldMap
        var byKey: [OrderKey: [BoardItem]] = [:]
        for item in items where item.isActive {
            if let key = item.key { byKey[key, default: []].append(item) } else { self.withoutKey += 1 }
        }
        for (key, items) in byKey {
            let sorted = items.sorted { $0.id < $1.id }
            let named = known.promoted[key]?.itemID
            guard let item = sorted.first(where: { $0.id == named }) ?? sorted.first else { continue }
            self.ours[key] = Ours(
                id: item.id,
                group: item.group,
                others: sorted.map(\.id).filter { $0 != item.id }
            )
            self.texts[key] = item.texts
        }
    }

    /// Items that production names and that were not found by their keys: to be read by their ids.
    var named: [Int64] {
        self.known.promoted.values.filter { self.ours[$0.orderKey] == nil }.compactMap(\.itemID).sorted()
    }

    /// Takes over items that production names, be they there without their key, or taken off the board as the lost ledger knew.
    ///
    /// An item that carries another order's key by now is that one's.
    mutating func take(named items: [BoardItem], board: Int64) {
        let byID = Dictionary(items.map { ($0.id, $0) }) { first, _ in first }
        var taken = Set(self.ours.values.map(\.id))
        let unfound = self.known.promoted.values.filter { self.ours[$0.orderKey] == nil }
        // In a fixed sequence, since an item is one order's, whatever production says.
        for order in unfound.sorted(by: { $0.orderKey.description < $1.orderKey.description }) {
            guard let id = order.itemID, taken.insert(id).inserted else { continue }
            guard let item = byID[id], item.isActive else {
                self.ours[order.orderKey] = Ours(id: id, group: nil, isActive: false)
                continue
            }
            guard item.key == nil, item.board.map({ $0 == board }) ?? true else { continue }
            self.ours[order.orderKey] = Ours(id: id, group: item.group)
            self.withoutKey = max(0, self.withoutKey - 1)
        }
    }

    /// The items on the board whose subitems are to be read, sorted.
    var parents: [Int64] { self.ours.values.filter(\.isActive).map(\.id).sorted() }

    /// The orders whose items were taken off the board: only production tells of their subitems.
    var offBoard: Set<OrderKey> { Set(self.ours.filter { !$0.value.isActive }.keys) }

    /// Every order that the board or production knows, sorted.
    ///
    /// - Parameters:
    ///   - subitems: As they stand on the board, by their parents.
    ///   - kept: As production has those of ``offBoard``.
    /// - Returns: What is to be written to the ledger.
    func orders(subitems: [Int64: [LedgerSubitem]], kept: [OrderKey: [KnownSubitem]]) -> [RestoredOrder] {
        Set(self.ours.keys).union(self.known.promoted.keys).sorted { $0.description < $1.description }.map { key in
            let item = self.ours[key].map { item in
                RestoredOrder.Item(
                    id: item.id,
                    group: item.group,
                    subitems: item.isActive
                        ? subitems[item.id] ?? []
                        : (kept[key] ?? []).map { LedgerSubitem(size: $0.size, id: $0.id, quantity: $0.quantity) },
                    others: item.others
                )
            }
            return self.restored(key, item)
        }
    }

    /// Counts the orders by where they were found.
    func count(onBoard: Bool, inProduction: Bool) -> Int {
        Set(self.ours.keys).union(self.known.promoted.keys).count {
            (self.ours[$0]?.isActive ?? false) == onBoard && (self.known.promoted[$0] != nil) == inProduction
        }
    }

    private func restored(_ key: OrderKey, _ item: RestoredOrder.Item?) -> RestoredOrder {
        let promoted = self.known.promoted[key]
        let staged = self.known.staged[key]
        // What was staged after the last promotion was under way: nobody can tell how far it came.
        let isUnderWay = staged.map { !$0.isPromoted && $0.fingerprint != promoted?.fingerprint } ?? false
        let newest = isUnderWay ? staged : promoted ?? staged
        var order = RestoredOrder(orderKey: key, item: item)
        order.retired = self.retired(key)
        // An order that was retired is changed when it comes back, whatever it holds.
        order.fingerprint = isUnderWay || promoted?.retired != nil ? nil : promoted?.fingerprint
        order.recordUUID = newest?.recordUUID ?? promoted?.recordUUID
        order.keyDigest = newest?.keyDigest ?? promoted?.keyDigest
        order.occurrence = order.keyDigest.flatMap { Self.occurrence(of: key, mintedFrom: $0) }
        order.sourceCustomer = newest?.sourceCustomer
        order.customer = newest?.customer
        order.orderNumber = newest?.orderNumber
        order.style = newest?.style
        order.colour = newest?.colour
        order.poNumber = newest?.poNumber
        order.aagSeason = newest?.aagSeason
        order.customerSeason = newest?.customerSeason
        guard newest == nil, let texts = self.texts[key] else { return order }
        let keys = self.fieldMap.keys
        order.orderNumber = self.text(keys.orderNumber, texts)
        order.customer = self.text(keys.customer, texts)
        order.style = self.text(keys.style, texts)
        order.colour = self.text(keys.colour, texts)
        order.poNumber = self.text(keys.poNumber, texts)
        order.aagSeason = self.text(keys.aagSeason, texts)
        order.customerSeason = self.text(keys.customerSeason, texts)
        return order
    }

    /// What had become of an order that was gone; an archived item that a person has put back is an item as any other.
    private func retired(_ key: OrderKey) -> JobKind? {
        switch self.known.promoted[key]?.retired {
        case .archived: self.ours[key]?.isActive == true ? nil : .archive
        case .zeroed: .zero
        case nil: nil
        }
    }

    private func text(_ source: String, _ texts: [String: String]) -> String? {
        Self.column(source, self.fieldMap).flatMap { texts[$0] }
    }

    private static func column(_ source: String, _ fieldMap: FieldMap) -> String? {
        fieldMap.fields.first { $0.source == source }?.mondayColumn
    }

    /// The board's columns that tell what an order is, beside its key.
    static func columns(_ fieldMap: FieldMap) -> [String] {
        let keys = fieldMap.keys
        return [
            keys.orderNumber, keys.customer, keys.style, keys.colour, keys.poNumber, keys.aagSeason,
            keys.customerSeason,
        ].compactMap { Self.column($0, fieldMap) }
    }

    /// The number that a key was minted with; nil when it was minted from another business key.
    static func occurrence(of key: OrderKey, mintedFrom digest: Digest) -> Int? {
        (1...Self.mostOccurrences).first { OrderKey.mint(businessKey: digest, occurrence: $0) == key }
    }

    private static let mostOccurrences = 256
}
