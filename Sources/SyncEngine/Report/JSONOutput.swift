import FoundationEssentials

/// The programs' answers to `--json`: one object, keys sorted, absent where there is no value.
package enum JSONOutput {
    /// Encodes a value on several lines.
    ///
    /// - Parameter value: What to say.
    /// - Returns: The text, without a trailing line break.
    /// - Throws: What the value's own encoding throws.
    package static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
