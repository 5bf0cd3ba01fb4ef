import Crypto

extension Digest {
    /// SHA-256 over the bytes as they are.
    package static func sha256(_ bytes: [UInt8]) -> Digest { Digest(SHA256.hash(data: bytes)) }

    /// SHA-256 over the units as they lie in memory.
    package static func sha256(_ units: ArraySlice<UInt16>) -> Digest {
        unsafe units.withUnsafeBytes { bytes in
            var hasher = SHA256()
            unsafe hasher.update(bufferPointer: bytes)
            return Digest(hasher.finalize())
        }
    }
}
