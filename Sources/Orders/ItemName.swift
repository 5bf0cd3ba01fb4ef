/// The name of an order's item.
package enum ItemName {
    /// The longest name Monday.com takes, in characters (counted in UTF-16 units, which are never fewer).
    package static let maximumLength = 255

    /// The parts that are there, joined by one space.
    package static func make(_ parts: [String?]) -> String {
        parts.compactMap(\.self).joined(separator: " ")
    }
}
