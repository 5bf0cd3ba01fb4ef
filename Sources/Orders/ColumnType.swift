/// A kind of Monday.com column that orders are written to; the raw value is Monday's own word.
package enum ColumnType: String, Hashable, Sendable, CaseIterable {
    case text
    case longText = "long_text"
    case numbers
    case date
    case dropdown
    case status

    /// The most characters Monday.com takes in a value; nil where it states no limit.
    ///
    /// It doesn't say what a character is. We count UTF-16 units, which are never fewer.
    package var maximumLength: Int? {
        switch self {
        case .longText: 2000
        case .status: 30
        case .text, .numbers, .date, .dropdown: nil
        }
    }
}
