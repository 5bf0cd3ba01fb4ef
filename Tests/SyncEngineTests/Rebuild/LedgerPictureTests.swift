import Foundation
import Journal
import Monday
import Orders
import TestSupport
import Testing
import Warehouse

@testable import SyncEngine

@Suite struct LedgerPictureTests {
    private let fieldMap: FieldMap

    init() throws {
        let yaml = try String(contentsOfFile: Project.path("systemd/fieldmap.yaml"), encoding: .utf8)
        self.fieldMap = try FieldMap.load(yaml: yaml, name: "fieldmap.yaml")
    }

    private static let digest = Digest.sha256(Array("business key".utf8))
    private static let key = OrderKey.mint(businessKey: digest, occurrence: 3)
    private static let (old, new) = (Digest.sha256([1]), Digest.sha256([2]))

    private func item(
        _ id: Int64,
        _ key: OrderKey?,
        state: String = "active",
        texts: [String: String] = [:]
    ) -> BoardItem {
        BoardItem(id: id, name: "item", state: state, board: 1, group: "g", key: key, texts: texts)
    }

    private func known(_ item: Int64? = nil, _ fingerprint: Digest? = nil, isPromoted: Bool = true) -> KnownOrder {
        var order = KnownOrder(orderKey: Self.key)
        order.itemID = item
        order.fingerprint = fingerprint
        order.keyDigest = Self.digest
        order.isPromoted = isPromoted
        return order
    }

    private func picture(_ items: [BoardItem], promoted: KnownOrder? = nil, staged: KnownOrder? = nil) -> LedgerPicture
    {
        var known = KnownOrders()
        known.promoted[Self.key] = promoted
        known.staged[Self.key] = staged
        return LedgerPicture(items: items, known: known, fieldMap: self.fieldMap)
    }

    private func order(_ picture: LedgerPicture) throws -> RestoredOrder {
        try #require(picture.orders(subitems: [:], kept: [:]).first)
    }

    @Test("an order in both places stands as production says, under the number its key was minted with")
    func both() throws {
        let order = try order(self.picture([self.item(7, Self.key)], promoted: self.known(7, Self.old)))
        #expect(order.item?.id == 7 && order.item?.group == "g")
        #expect(order.fingerprint == Self.old && order.keyDigest == Self.digest && order.occurrence == 3)
    }

    @Test("of several items with one key production's is ours, else the lowest")
    func duplicates() throws {
        let items = [self.item(9, Self.key), self.item(5, Self.key), self.item(7, Self.key)]
        let named = try order(self.picture(items, promoted: self.known(7, Self.old)))
        #expect(named.item?.id == 7 && named.item?.others == [5, 9])
        let unnamed = try order(self.picture(items))
        #expect(unnamed.item?.id == 5 && unnamed.item?.others == [7, 9])
        // Production's has been taken off the board.
        #expect(try self.order(self.picture(items, promoted: self.known(4, Self.old))).item?.id == 5)
    }

    @Test("an order that was staged anew and not promoted is written once more: nobody can tell how far it came")
    func underWay() throws {
        let items = [self.item(7, Self.key)]
        let changed = try order(
            self.picture(
                items,
                promoted: self.known(7, Self.old),
                staged: self.known(7, Self.new, isPromoted: false)
            )
        )
        #expect(changed.fingerprint == nil)
        let same = self.known(7, Self.old, isPromoted: false)
        #expect(
            try self.order(self.picture(items, promoted: self.known(7, Self.old), staged: same)).fingerprint == Self.old
        )
        #expect(
            try self.order(self.picture(items, staged: self.known(nil, Self.new, isPromoted: false))).fingerprint == nil
        )
    }

    @Test("an item that production names is ours without its key, off the board too, but not with another's key")
    func named() throws {
        let promoted = self.known(7, Self.old)
        var picture = self.picture([self.item(7, nil)], promoted: promoted)
        #expect(picture.named == [7] && picture.withoutKey == 1)
        picture.take(named: [self.item(7, nil)], board: 1)
        #expect(picture.withoutKey == 0 && picture.parents == [7])
        #expect(picture.count(onBoard: true, inProduction: true) == 1)

        var archived = self.picture([], promoted: promoted)
        archived.take(named: [self.item(7, Self.key, state: "archived")], board: 1)
        #expect(archived.parents.isEmpty && archived.offBoard == [Self.key])
        #expect(archived.count(onBoard: false, inProduction: true) == 1)
        let kept = archived.orders(subitems: [:], kept: [Self.key: [KnownSubitem(size: "M", id: 8, quantity: 3)]])
        #expect(kept.first?.item?.id == 7)
        #expect(kept.first?.item?.subitems == [LedgerSubitem(size: "M", id: 8, quantity: 3)])

        // Of two rows of production that name one item, one has it.
        var known = KnownOrders()
        for occurrence in 1...2 {
            var order = KnownOrder(orderKey: OrderKey.mint(businessKey: Self.digest, occurrence: occurrence))
            order.itemID = 7
            known.promoted[order.orderKey] = order
        }
        var shared = LedgerPicture(items: [], known: known, fieldMap: self.fieldMap)
        shared.take(named: [], board: 1)
        #expect(shared.ours.count == 1)

        var other = self.picture([], promoted: promoted)
        other.take(named: [self.item(7, OrderKey(uuid: UUID()))], board: 1)
        #expect(other.ours.isEmpty)
    }

    @Test("an order that was archived when it was gone stays so; put back on the board it is one as any other")
    func retired() throws {
        var promoted = self.known(7, Self.old)
        promoted.retired = .archived
        var gone = self.picture([], promoted: promoted)
        gone.take(named: [], board: 1)
        #expect(try self.order(gone).retired == .archive)
        let back = try order(self.picture([self.item(7, Self.key)], promoted: promoted))
        #expect(back.retired == nil && back.fingerprint == nil)
        promoted.retired = .zeroed
        #expect(try self.order(self.picture([self.item(7, Self.key)], promoted: promoted)).retired == .zero)
    }

    @Test("of an order that nobody kept the board's own columns tell what people see")
    func boardAlone() throws {
        let order = try order(self.picture([self.item(7, Self.key, texts: ["text_mkr5wya6": "GRE-1"])]))
        #expect(order.orderNumber == "GRE-1" && order.keyDigest == nil && order.occurrence == nil)
        #expect(order.fingerprint == nil)
    }
}
