/// A value that must never reach a log, an error, the journal or a command line.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    /// Lends the value to the one call that needs it.
    package func reveal() -> String { self.value }

    package var isEmpty: Bool { self.value.isEmpty }
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
