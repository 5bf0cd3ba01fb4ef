import FoundationEssentials

/// What a rejected row would be called on the board, as far as its cells tell.
package struct RejectedRow: Hashable, Sendable {
    /// Nil without a customer.
    package let group: String?
    /// Nil when no part of it is there.
    package let title: String?

    /// Reads ``Reject/source``; nil for anything else.
    package init?(source: [UInt8], fieldMap: FieldMap) {
        guard let row = try? JSONDecoder().decode([String: Cell].self, from: Data(source)) else { return nil }
        func text(_ column: String) -> String? { row[column]?.text.flatMap { CellText.cleaned($0, .spaced) } }
        func season(_ column: String) -> String? {
            text(column).flatMap { CellText.isNullWord($0) ? nil : $0 }
        }
        let title = ItemName.make(fieldMap.title.map(text))
        self.title = title.isEmpty ? nil : title
        self.group = text(fieldMap.keys.customer).map { customer in
            GroupName.make(
                customer: customer,
                customerSeason: season(fieldMap.keys.customerSeason),
                aagSeason: season(fieldMap.keys.aagSeason)
            )
        }
    }

    /// A text, or the number of a size, which names nothing.
    private struct Cell: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            self.text = try? decoder.singleValueContainer().decode(String.self)
        }
    }
}
