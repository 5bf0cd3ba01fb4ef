package import FoundationEssentials

/// Rows of the source that are looked for by what names them.
package struct SourceLookUp: Hashable, Sendable {
    /// A row passes with one of these order numbers or one of these uuids; with neither list, every row does.
    package var orderNumbers: [String]
    package var recordUUIDs: [UUID]
    /// Rows of this filter don't pass, unless it is empty.
    package var outside: SourceFilter

    package init(orderNumbers: [String] = [], recordUUIDs: [UUID] = [], outside: SourceFilter = SourceFilter()) {
        self.orderNumbers = orderNumbers
        self.recordUUIDs = recordUUIDs
        self.outside = outside
    }
}
