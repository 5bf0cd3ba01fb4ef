import FoundationEssentials

extension OrderKey {
    /// How many order keys in a row may be missing among those minted from one business key: some were never used, and some
    /// did not come back after a loss.
    package static let largestGap = 32

    /// The key of the order that first bore this business key as its n-th: the same on every machine, for ever.
    ///
    /// A UUID of version 8 (RFC 9562, "custom"), made of SHA-256 over the business key's digest and the occurrence.
    /// - Parameters:
    ///   - businessKey: The first business key the order was seen with.
    ///   - occurrence: Counted from 1 and never reused for a business key.
    /// - Returns: The key for life.
    package static func mint(businessKey: Digest, occurrence: Int) -> OrderKey {
        var encoding = DigestEncoding(purpose: "order key", version: 1, capacity: 128)
        encoding.append(businessKey.hexadecimal)
        encoding.append(Int64(occurrence))
        var bytes = unsafe encoding.digest.withBytes { unsafe $0.loadUnaligned(as: uuid_t.self) }
        bytes.6 = bytes.6 & 0x0F | 0x80
        bytes.8 = bytes.8 & 0x3F | 0x80
        return OrderKey(uuid: UUID(uuid: bytes))
    }
}
