package import FoundationEssentials

/// What a row of the source table is known by before it is read: who it is, and what its cells hold.
package struct RowMark: Hashable, Sendable {
    package let recordUUID: UUID
    /// SHA-256 over all cells that are read but the uuid's.
    package let digest: Digest

    package init(recordUUID: UUID, digest: Digest) {
        self.recordUUID = recordUUID
        self.digest = digest
    }
}

/// What a row of the source table is known by once its key was read.
package struct KeyedMark: Hashable, Sendable {
    package let keyDigest: Digest
    package let rowDigest: Digest

    package init(keyDigest: Digest, rowDigest: Digest) {
        self.keyDigest = keyDigest
        self.rowDigest = rowDigest
    }
}

/// What the ledger tells of a row that was not read yet.
package enum RowStanding: Hashable, Sendable {
    /// The row is the order at that place, and holds what was last enqueued.
    case same(Int64)
    /// Its uuid is an order's, of which there is more to know.
    case known
    /// No order bears its uuid.
    case unknown
    /// It has no mark.
    case unread
}

extension SourcePlan {
    /// The version of what follows from a row's cells.
    ///
    /// It grows with every change of a rule, or of the fingerprint, so that rows which were read before the change are read again.
    /// A test reads a fixed set of rows, and fails when what comes of them changes and this does not.
    static let rulesVersion: UInt8 = 2

    /// What the digest of every row begins with: by which columns and rules it was read.
    ///
    /// So equal digests mean equal fingerprints.
    package func rowSeed(_ fieldMap: FieldMap) -> [UInt8] {
        var encoding = DigestEncoding(purpose: "source row", version: Self.rulesVersion, capacity: 8192)
        encoding.append(fieldMap.digest.hexadecimal)
        encoding.append(Int64(self.firstSize))
        for column in self.columns { encoding.append(column.name) }
        return encoding.digest.bytes
    }
}
