/// A kind of Monday.com column that orders are written to; the raw value is Monday's own word.
package enum ColumnType: String, Hashable, Sendable, CaseIterable {
    case text
    case longText = "long_text"
    case numbers
    case date
    case dropdown
    case status
}
