import FoundationEssentials

/// A place in a fixed sequence, which hangs on nothing but the row or the order itself: it decides ties.
struct Rank: Comparable {
    let isElsewhere: Bool
    let isRejected: Bool
    let fingerprint: Digest?
    let occurrence: Int
    let uuid: UUID?

    static func < (left: Rank, right: Rank) -> Bool {
        if left.isElsewhere != right.isElsewhere { return right.isElsewhere }
        if left.isRejected != right.isRejected { return right.isRejected }
        if left.fingerprint != right.fingerprint {
            guard let fingerprint = left.fingerprint else { return true }
            return right.fingerprint.map { fingerprint < $0 } ?? false
        }
        if left.occurrence != right.occurrence { return left.occurrence < right.occurrence }
        guard let uuid = left.uuid else { return right.uuid != nil }
        return right.uuid.map { uuid < $0 } ?? false
    }
}

extension LedgerIdentity {
    /// Orders that look the same go by their occurrence.
    var rank: Rank {
        Rank(
            isElsewhere: false,
            isRejected: false,
            fingerprint: self.fingerprint,
            occurrence: self.occurrence,
            uuid: self.orderKey.uuid
        )
    }
}

extension RowIdentity {
    /// Rows of the scope come first, rejected ones after sound ones.
    var rank: Rank {
        Rank(
            isElsewhere: self.isElsewhere,
            isRejected: self.fingerprint == nil,
            fingerprint: self.fingerprint,
            occurrence: 0,
            uuid: self.recordUUID
        )
    }
}
