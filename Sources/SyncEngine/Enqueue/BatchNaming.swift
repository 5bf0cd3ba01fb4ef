package import Warehouse

/// How a run names its batches, as reports have known them since the predecessor.
package enum BatchNaming {
    /// The name: the customers with `_` for blanks, then `PO_` and the purchase orders; `FILTERED_ORDERS` with neither.
    package static func name(_ filter: SourceFilter) -> String {
        guard !filter.isEmpty else { return "ALL_ORDERS" }
        let parts = filter.customers.map(Self.word) + filter.purchaseOrders.map { "PO_" + Self.word($0) }
        return parts.isEmpty ? "FILTERED_ORDERS" : String(parts.joined(separator: "_").prefix(100))
    }

    /// The type: `FULL_BATCH`, or `TARGETED` and what it was targeted by; at most 50 characters, as its column takes.
    package static func type(_ filter: SourceFilter) -> String {
        guard !filter.isEmpty else { return "FULL_BATCH" }
        var parts = ["TARGETED"]
        if !filter.customers.isEmpty { parts.append("CUSTOMER") }
        if !filter.purchaseOrders.isEmpty { parts.append("PO") }
        if !filter.aagSeasons.isEmpty { parts.append("AAG_" + filter.aagSeasons.map(Self.word).joined(separator: "_")) }
        if !filter.customerSeasons.isEmpty {
            parts.append("CUST_" + filter.customerSeasons.map(Self.word).joined(separator: "_"))
        }
        return String(parts.joined(separator: "_").prefix(50))
    }

    private static func word(_ text: String) -> String {
        String(text.map { $0.isWhitespace ? "_" : $0 })
    }
}
