/// The form of a file of rows.
package enum InputFormat: String, Hashable, Sendable, CaseIterable {
    /// Comma-separated values (RFC 4180), the column names in the first line; semicolons and tabs serve too.
    case csv
    /// One JSON object a line, the column names as its keys.
    case ndjson

    /// The format of a file that begins so: an object opens with a brace, which no column's name does.
    package init(beginning bytes: [UInt8]) {
        let start = bytes.starts(with: ByteStream.mark) ? bytes.dropFirst(ByteStream.mark.count) : bytes[...]
        let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        self = first == UInt8(ascii: "{") ? .ndjson : .csv
    }
}

/// What a file of rows may hold at most: whatever comes in is bounded.
package enum InputLimits {
    /// The bytes of one row.
    package static let rowBytes = 8 << 20
    package static let columns = 4_096
    package static let nesting = 64
}
