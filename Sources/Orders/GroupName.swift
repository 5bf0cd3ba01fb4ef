/// The name of the group an order belongs to.
package enum GroupName {
    /// The longest name Monday.com takes, in characters (counted in UTF-16 units, which are never fewer).
    package static let maximumLength = 255
    /// Stands for the season of an order that has none.
    package static let unknownSeason = "UNKNOWN_SEASON"

    /// The upper-cased source name of the customer, a space, and the season in its own case.
    /// - Parameters:
    ///   - customer: As the source names it, trimmed.
    ///   - customerSeason: Trimmed; nil when absent or a null word.
    ///   - aagSeason: Trimmed; nil when absent or a null word.
    /// - Returns: Such as `GREYSON CLOTHIERS 2025 FALL`.
    package static func make(customer: String, customerSeason: String?, aagSeason: String?) -> String {
        customer.uppercased() + " " + (customerSeason ?? aagSeason ?? Self.unknownSeason)
    }
}
