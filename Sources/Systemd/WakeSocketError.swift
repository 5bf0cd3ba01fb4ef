internal import Glibc

/// A wake-up socket that could not be made.
package struct WakeSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    /// The `errno` of what was in the way.
    package let systemError: Int32

    package var description: String {
        let reason = unsafe strerror(self.systemError).map { unsafe String(cString: $0) } ?? "error \(self.systemError)"
        return "no wake-up socket at \(self.path): \(reason)"
    }
}
