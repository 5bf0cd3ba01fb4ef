/// Where a job stands.
///
/// One job an order may be live (`ready` to `held`), one more may wait behind it.
package enum JobState: String, Hashable, Sendable, CaseIterable {
    /// Behind the order's live job.
    case waiting
    /// May be claimed.
    case ready
    /// Claimed by the daemon.
    case running
    /// May be claimed once its time has come.
    case retry
    /// Sent something of which the outcome is not known.
    case inDoubt = "in_doubt"
    /// Failed for good, until a person or a newer snapshot acts.
    case dead
    /// Set aside by a person.
    case held
    /// The board is in this state.
    case done
    /// A newer snapshot took its place.
    case superseded
    /// Dropped by a person.
    case discarded

    /// The states of which an order may have one job at most.
    package static let live: [JobState] = [.ready, .running, .retry, .inDoubt, .dead, .held]
    /// The states that nothing leaves.
    package static let final: [JobState] = [.done, .superseded, .discarded]

    package var isLive: Bool { Self.live.contains(self) }
    package var isFinal: Bool { Self.final.contains(self) }
}

/// What a job does to its order on the board.
package enum JobKind: String, Hashable, Sendable, CaseIterable {
    /// Brings item and subitems to the snapshot.
    case sync
    /// Archives the item of an order that is gone.
    case archive
    /// Sets the quantities of an order that is gone to zero.
    case zero
}

/// How far a job has come, for people to see; what is really there is in the ledger.
package enum JobStage: String, Hashable, Sendable, CaseIterable {
    case none
    /// The order's item is there.
    case item
    /// The first subitem of this job is there.
    case subitems
    /// The order stands in the production tables.
    case promoted
}

/// A job as one claim knows it: an older or newer claim of the same job has another generation.
package struct JobReference: Hashable, Sendable {
    package let id: Int64
    package let generation: Int64

    package init(id: Int64, generation: Int64) {
        self.id = id
        self.generation = generation
    }
}
