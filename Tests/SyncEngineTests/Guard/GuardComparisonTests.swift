import Journal
import Orders
import Testing
import Warehouse

@testable import SyncEngine

@Suite struct GuardComparisonTests {
    private static let board: Int64 = 9_200_517_329

    private func journal(
        _ id: String = "a",
        epoch: Int64 = 5,
        lastEffect: Int64 = 40,
        isLedgerEmpty: Bool = false,
        token: String = "five"
    ) -> GuardNumbers {
        GuardNumbers(
            journalID: id,
            epoch: epoch,
            lastEffect: lastEffect,
            isLedgerEmpty: isLedgerEmpty,
            tokens: [4: "four", 5: token]
        )
    }

    private func row(
        _ id: String = "a",
        epoch: Int64 = 5,
        lastEffect: Int64 = 40,
        token: String? = "five"
    ) -> GuardRow {
        GuardRow(board: Self.board, journalID: id, epoch: epoch, lastEffect: lastEffect, token: token)
    }

    private func refusal(_ row: GuardRow?, _ journal: GuardNumbers) -> JournalRefusal.Reason? {
        GuardComparison.refusal(row, journal)?.reason
    }

    @Test("a warehouse without a row says nothing against any journal")
    func noRow() {
        #expect(self.refusal(nil, self.journal()) == nil)
        #expect(self.refusal(nil, self.journal(epoch: 0, lastEffect: 0, isLedgerEmpty: true)) == nil)
    }

    @Test("a journal that is further than the row is the usual case: it was killed between an effect and its promotion")
    func ahead() {
        #expect(self.refusal(self.row(), self.journal()) == nil)
        #expect(self.refusal(self.row(lastEffect: 12), self.journal()) == nil)
        #expect(self.refusal(self.row(epoch: 4, lastEffect: 12, token: "four"), self.journal()) == nil)
    }

    @Test("another journal's row refuses, and tells a new journal from one that has orders")
    func another() {
        #expect(self.refusal(self.row("b"), self.journal()) == .foreign)
        #expect(self.refusal(self.row("b"), self.journal(epoch: 0, lastEffect: 0, isLedgerEmpty: true)) == .lost)
        #expect(self.refusal(self.row(), self.journal(isLedgerEmpty: true)) == .lost)
    }

    @Test("a row that is further than the journal refuses: the journal was rolled back")
    func rolledBack() {
        #expect(self.refusal(self.row(lastEffect: 41), self.journal()) == .rolledBack)
        #expect(self.refusal(self.row(epoch: 6, token: "six"), self.journal()) == .rolledBack)
    }

    @Test("a start of the same number that got another token refuses: two copies of one journal count alike")
    func copied() {
        #expect(self.refusal(self.row(lastEffect: 12), self.journal(token: "another five")) == .copied)
        #expect(self.refusal(self.row(epoch: 4, lastEffect: 12, token: "another four"), self.journal()) == .copied)
    }

    @Test("a daemon that was started before the first order finds nothing wrong when it comes")
    func firstOrder() {
        let journal = self.journal(lastEffect: 0, isLedgerEmpty: true)
        #expect(self.refusal(self.row(lastEffect: 0), journal) == nil)
    }

    @Test("a rebuilt journal has written before its first start, and is known by its id alone")
    func rebuilt() {
        #expect(self.refusal(self.row(epoch: 0, lastEffect: 0, token: nil), self.journal()) == nil)
    }

    @Test(
        "what a refusal says fits into a status line and names the command",
        arguments: JournalRefusal.Reason.allCases
    )
    func words(reason: JournalRefusal.Reason) {
        let refusal = JournalRefusal(reason, board: Self.board)
        #expect(refusal.description.count <= 160)
        #expect(refusal.description.contains("ordersync-enqueue --rebuild-ledger"))
        #expect(refusal.failure.isJournalRefusal)
        #expect(refusal.failure.class == .systemic)
    }
}
