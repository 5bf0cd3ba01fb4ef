import Crypto

extension Digest {
    /// SHA-256 over the bytes as they are.
    package static func sha256(_ bytes: [UInt8]) -> Digest { Digest(SHA256.hash(data: bytes)) }
}
