/// A cell after its rule: what is written to staging and to the board.
package enum FieldValue: Hashable, Sendable {
    /// Trimmed text, never empty.
    case text(String)
    /// A decimal number in canonical plain text: no exponent, no sign of zero, no needless zeros (`28.86`, `-3`, `0.5`).
    case number(String)
    /// A day as `YYYY-MM-DD`.
    case date(String)

    /// The value in words, whatever its kind.
    package var text: String {
        switch self {
        case .text(let text), .number(let text), .date(let text): text
        }
    }
}
