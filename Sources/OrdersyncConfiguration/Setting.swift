/// One value in force, for `--print-config`.
package struct Setting: Hashable, Sendable, CustomStringConvertible {
    package let key: String
    /// The value in the syntax of the file; `<redacted>` for a secret, `–` when it is not set.
    package let text: String
    package let origin: Origin

    package var description: String { "\(self.key) = \(self.text)  # \(self.origin)" }
}
