import Journal
import Logging
import Monday
import Orders
import Warehouse

/// What the engine is told by the configuration.
package struct SyncSettings: Sendable {
    package var board: Int64
    package var subitemBoard: Int64?
    package var keyColumn: String?
    package var retry: RetryPolicy
    package var timing: EffectTiming
    package var batchOrders: Int
    package var batchesInFlight: Int
    /// How long a batch may stand still before its jobs are taken back, in milliseconds.
    package var lease: Int64
    /// What follows when a person took an item or subitem off the board.
    package var removedItems: RemovedItems
    /// Whether people and other programs make items on the board too.
    package var isShared: Bool
    /// What becomes of the subitem of a size that an order no longer has.
    package var removedSizes: RemovedSizes
    /// Who the batch rows say has started and ended them.
    package var actor: String
    /// The configuration without its secrets, as JSON, for the batch rows.
    package var configurationSnapshot: String?
    package var retention: Retention

    package init(
        board: Int64,
        subitemBoard: Int64? = nil,
        keyColumn: String? = nil,
        retry: RetryPolicy = RetryPolicy(),
        timing: EffectTiming = EffectTiming(),
        batchOrders: Int = 500,
        batchesInFlight: Int = 4,
        lease: Int64 = 900_000,
        removedItems: RemovedItems = .dead,
        isShared: Bool = false,
        removedSizes: RemovedSizes = .zero,
        actor: String = "ordersyncd",
        configurationSnapshot: String? = nil,
        retention: Retention = Retention()
    ) {
        self.board = board
        self.subitemBoard = subitemBoard
        self.keyColumn = keyColumn
        self.retry = retry
        self.timing = timing
        self.batchOrders = batchOrders
        self.batchesInFlight = batchesInFlight
        self.lease = lease
        self.removedItems = removedItems
        self.isShared = isShared
        self.removedSizes = removedSizes
        self.actor = actor
        self.configurationSnapshot = configurationSnapshot
        self.retention = retention
    }
}

/// What follows when a person took an item or subitem off the board that an order still needs.
package enum RemovedItems: String, Hashable, Sendable, CaseIterable {
    /// Its order's job is dead, and a person decides.
    case dead
    /// It is made anew.
    case recreate
}

/// What becomes of the subitem of a size that an order no longer has.
package enum RemovedSizes: String, Hashable, Sendable, CaseIterable {
    /// It stays, with a quantity of zero.
    case zero
    /// It is deleted.
    case delete
}

/// How long things are kept, in milliseconds.
package struct Retention: Hashable, Sendable {
    package var done: Int64
    package var staging: Int64
    package var errors: Int64
    package var batches: Int64

    package init(
        done: Int64 = 30 * 86_400_000,
        staging: Int64 = 7 * 86_400_000,
        errors: Int64 = 30 * 86_400_000,
        batches: Int64 = 90 * 86_400_000
    ) {
        self.done = done
        self.staging = staging
        self.errors = errors
        self.batches = batches
    }
}

/// The parts that every step of the engine uses.
struct EngineContext: Sendable {
    let journal: Journal
    let warehouse: Warehouse
    let client: MondayClient
    let pacer: Pacer
    let fieldMap: FieldMap
    let settings: SyncSettings
    let boardState: BoardState
    let groups: GroupDirectory
    let boardGuard: BoardGuard
    let lease: BoardLease
    let gate: LabelGate
    let inFlight: InFlight
    let newcomers: NewcomerCheck
    let time: TimeSource
    let stop: StopSignal
    let log: Logger

    func sender(counters: CallCounters) -> EffectSender {
        EffectSender(
            journal: self.journal,
            client: self.client,
            pacer: self.pacer,
            board: self.settings.board,
            timing: self.settings.timing,
            time: self.time,
            stop: self.stop,
            gate: self.gate,
            lease: self.lease,
            counters: counters,
            inFlight: self.inFlight,
            log: self.log
        )
    }

    /// The items that carry one of these order keys; a request to stop ends the reading.
    func items(withKeys keys: [OrderKey], keyColumn: String) async throws -> [BoardItem] {
        try await self.stop.interrupting { [client, board = self.settings.board] in
            try await client.items(withKeys: keys, keyColumn: keyColumn, board: board)
        }
    }

    /// The items of these ids, whatever their state; a request to stop ends the reading.
    func items(_ ids: [Int64], columns: [String] = []) async throws -> [BoardItem] {
        try await self.stop.interrupting { [client, keyColumn = self.settings.keyColumn] in
            try await client.items(ids, keyColumn: columns.isEmpty ? nil : keyColumn, columns: columns)
        }
    }

    /// The subitems of items as they stand on the board; a request to stop ends the reading.
    func subitems(of parents: [Int64]) async throws -> [Int64: [BoardSubitem]] {
        try await self.stop.interrupting { [client, map = self.fieldMap.subitem] in
            try await client.subitems(of: parents, sizeColumn: map.sizeColumn, quantityColumn: map.quantityColumn)
        }
    }
}
