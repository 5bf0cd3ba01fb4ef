import Foundation
import Glibc
import Synchronization

/// The service manager's side of `NOTIFY_SOCKET`.
package final class NotifySocket: Sendable {
    /// One word of a service, such as `READY` and `1`.
    package struct Word: Sendable, CustomStringConvertible {
        package let name: String
        package let value: String
        /// When it was read here, at most one look later than it was sent.
        package let at: ContinuousClock.Instant

        package var description: String { "\(self.name)=\(self.value)" }
    }

    private let folder: TemporaryFolder
    private let descriptor: Int32
    private let heard = Mutex<[Word]>([])

    /// How often the socket is looked at.
    private static let look = Duration.milliseconds(10)

    /// What the service gets as `NOTIFY_SOCKET`.
    package var path: String { self.folder.file("notify") }

    package init() throws {
        self.folder = try TemporaryFolder()
        self.descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(self.folder.file("notify").utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(self.descriptor, $0, size) }
        }
        guard bound == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        // Looks all the time, so that the times are true whatever a test does meanwhile.
        Task { [weak self] in
            while self?.words() != nil { try await Task.sleep(for: Self.look) }
        }
    }

    deinit { close(self.descriptor) }

    /// Every word so far, oldest first.
    package func words() -> [Word] {
        self.heard.withLock { words in
            var buffer = [UInt8](repeating: 0, count: 8192)
            while true {
                let count = unsafe recv(self.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                guard count > 0 else { return words }
                for line in String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n") {
                    let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
                    words.append(Word(name: parts[0], value: parts.count > 1 ? parts[1] : "", at: .now))
                }
            }
        }
    }

    /// Waits for a word that passes.
    ///
    /// - Parameters:
    ///   - after: Only words heard after that time count.
    ///   - seconds: How long to wait at most.
    ///   - isMeant: Which word is waited for.
    /// - Returns: The first one; nil when none came.
    /// - Throws: `CancellationError` when the test ends meanwhile.
    package func first(
        after: ContinuousClock.Instant? = nil,
        within seconds: Double = 90,
        _ isMeant: (Word) -> Bool
    ) async throws -> Word? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let found = self.words().first { word in after.map { word.at > $0 } ?? true && isMeant(word) }
            if found != nil || ContinuousClock.now > deadline { return found }
            try await Task.sleep(for: Self.look)
        }
    }
}
