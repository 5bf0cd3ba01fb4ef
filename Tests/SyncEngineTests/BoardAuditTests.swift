import Foundation
import Monday
import Orders
import TestSupport
import Testing
import Warehouse

@testable import Journal
@testable import SyncEngine

@Suite struct BoardAuditTests {
    private let fieldMap: FieldMap
    private let order: Order

    init() throws {
        let map = try FieldMap.load(
            yaml: try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8),
            name: "fieldmap.yaml"
        )
        self.fieldMap = map
        self.order = Order(
            businessKey: BusinessKey(orderNumber: "GRE-1", customer: "GREYSON CLOTHIERS", style: "MSP", colour: nil),
            recordUUID: nil,
            group: "GREYSON CLOTHIERS 2025 FALL",
            title: "MSP GRE-1",
            customer: "GREYSON",
            values: map.fields.map { $0.staging == "AAG ORDER NUMBER" ? .text("GRE-1") : nil },
            sizes: [SizeQuantity(label: "M", quantity: 5)],
            columnsDigest: map.columnsDigest
        )
    }

    private static let key = OrderKey(uuid: UUID())

    private func record(
        item: Int64? = 10,
        isArchived: Bool = false,
        retired: JobKind? = nil,
        isInWork: Bool = false
    ) -> LedgerRecord {
        LedgerRecord(
            orderKey: Self.key,
            recordUUID: nil,
            keyDigest: self.order.businessKey.digest,
            occurrence: 1,
            orderNumber: "GRE-1",
            customer: "GREYSON",
            itemID: item,
            isArchived: isArchived,
            retired: retired,
            syncedAt: 1,
            isComplete: item != nil && retired == nil,
            snapshot: self.order.snapshot(self.fieldMap),
            fingerprint: self.order.fingerprint(self.fieldMap),
            subitems: item == nil ? [] : [LedgerSubitem(size: "M", id: 11, quantity: 5)],
            isInWork: isInWork,
            isStopped: false
        )
    }

    private func item(_ id: Int64 = 10, key: OrderKey? = Self.key, name: String = "MSP GRE-1") -> BoardItem {
        var texts = ["text_mkr5wya6": "GRE-1"]
        texts["key"] = key?.description
        return BoardItem(id: id, name: name, state: "active", board: 1, group: "g", key: key, texts: texts)
    }

    private func findings(
        _ record: LedgerRecord,
        _ items: [BoardItem],
        isShared: Bool = false,
        production: Production? = nil
    ) -> [AuditFinding] {
        var contents = BoardAudit.Contents()
        contents.items = items
        contents.groups = ["g": "GREYSON CLOTHIERS 2025 FALL"]
        contents.subitems = [
            10: [BoardSubitem(id: 11, name: "Size M", state: "active", board: 2, size: "M", quantity: 5)]
        ]
        return BoardAudit(fieldMap: self.fieldMap, keyColumn: "key", isShared: isShared)
            .findings(ledger: [record], contents: contents, production: production)
    }

    @Test("an order whose item shows what was written agrees, and one in work is not judged")
    func agreement() {
        #expect(self.findings(self.record(), [self.item()]).isEmpty)
        #expect(self.findings(self.record(isInWork: true), [self.item(name: "x")]).isEmpty)
    }

    @Test("an item that is off the board is missing, unless it was archived for its order; one that came back is extra")
    func archived() {
        #expect(self.findings(self.record(), []).map(\.kind) == [.missing])
        let gone = self.record(isArchived: true, retired: .archive)
        #expect(self.findings(gone, []).isEmpty)
        let back = self.findings(gone, [self.item()])
        #expect(back.contains { $0.kind == .extra && $0.item == 10 && $0.isRepairable })
    }

    @Test(
        "items are told from each other: a second one, one of an order without an item, one of nobody, one without a key"
    )
    func strangers() {
        let second = self.findings(self.record(), [self.item(), self.item(12)])
        #expect(second.map(\.kind) == [.duplicate] && second.first?.expected == "10" && second.first?.item == 12)
        #expect(self.findings(self.record(item: nil), [self.item(12)]).map(\.kind) == [.extra])
        let foreign = self.findings(self.record(), [self.item(), self.item(13, key: OrderKey(uuid: UUID()))])
        #expect(foreign.map(\.kind) == [.extra] && foreign.first?.orderNumber == nil)
        let bare = [self.item(), self.item(14, key: nil)]
        #expect(self.findings(self.record(), bare).map(\.kind) == [.unexplained])
        #expect(self.findings(self.record(), bare, isShared: true).isEmpty)
    }

    @Test("production is held against what was written, its strangers are told, and stopped orders are left out")
    func production() {
        var production = Production()
        production.columns = ["Title", "Group", "AAG ORDER NUMBER", "source_hash"]
        #expect(
            self.findings(self.record(), [self.item()], production: production).map(\.kind) == [.productionMissing]
        )
        let values = [
            "Title": "MSP GRE-1", "Group": "GREYSON CLOTHIERS 2025 FALL", "AAG ORDER NUMBER": "GRE-1",
            "source_hash": self.order.fingerprint(self.fieldMap).hexadecimal,
        ]
        production.orders = [ProductionOrder(orderKey: Self.key, itemID: 10, values: values)]
        production.subitems = [Self.key: [ProductionSubitem(size: "M", quantity: 5, subitemID: 11)]]
        #expect(self.findings(self.record(), [self.item()], production: production).isEmpty)
        production.orders[0] = ProductionOrder(
            orderKey: Self.key,
            itemID: 9,
            values: values.merging(["Title": "x"]) { $1 }
        )
        production.orders.append(ProductionOrder(orderKey: OrderKey(uuid: UUID()), itemID: 99, values: [:]))
        production.subitems = [
            Self.key: [
                ProductionSubitem(size: "M", quantity: 6, subitemID: 11),
                ProductionSubitem(size: "L", quantity: 1, subitemID: 12),
            ]
        ]
        let found = self.findings(self.record(), [self.item()], production: production)
        #expect(found.filter { $0.kind == .production }.map(\.place) == ["Item ID", "Title", "M"])
        #expect(found.filter { $0.kind == .productionExtra }.map(\.place) == ["L", nil])
    }

    @Test("what changed while the board was read counts as in work")
    func settled() {
        let record = self.record()
        #expect(AuditRun.settled([record], [record], by: 1).map(\.isInWork) == [false])
        #expect(AuditRun.settled([record], [record], by: 0).map(\.isInWork) == [true])
        #expect(AuditRun.settled([], [record], by: 1).map(\.isInWork) == [true])
        #expect(AuditRun.settled([self.record(isArchived: true)], [record], by: 1).map(\.isInWork) == [true])
    }

    @Test(
        "a cell of production holds a value in whatever type its column has",
        arguments: [
            ("28.86", "28.859999999999999", Field.StagingType.float, true), ("28.86", "28.8600", .float, true),
            ("28.86", "28.87", .float, false), ("28.86", nil, .float, false), (nil, "", .date, true),
            ("2025-09-26", "2025-09-26 00:00:00", .date, true), ("2025-09-26", "2025-09-27", .date, false),
            ("a", "a ", .text(maximumLength: nil), true), ("a", "b", .text(maximumLength: 200), false),
        ] as [(String?, String?, Field.StagingType, Bool)]
    )
    func cells(expected: String?, found: String?, type: Field.StagingType, isSame: Bool) {
        #expect(ProductionAudit.isSame(expected, found, type) == isSame)
    }
}
