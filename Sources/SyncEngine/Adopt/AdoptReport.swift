/// What a cutover found, and what it made of it.
package struct AdoptReport: Hashable, Sendable, Codable {
    /// An order, as people call it.
    package struct Name: Hashable, Sendable, Codable {
        package let orderNumber: String
        package let customer: String
        package let style: String?
        package let colour: String?
        package let poNumber: String?
    }

    package struct Item: Hashable, Sendable, Codable {
        package let id: Int64
        package let name: String
    }

    package struct Adopted: Hashable, Sendable, Codable {
        package let order: Name
        package let item: Item
        /// Fields that the item shows otherwise than the source: they are written once.
        package let differences: Int
    }

    package struct Tie: Hashable, Sendable, Codable {
        package let orders: [Name]
        package let items: [Item]
    }

    package var dryRun = false
    /// The number of the run in the journal; nil when nothing was written.
    package var runID: Int64?
    /// Rows of the source, and items without an order key on the board.
    package var read = 0
    package var items = 0
    /// Rows that can't become orders: what they stand for is left alone.
    package var rejected = 0
    /// Rows whose orders have their item already.
    package var known = 0
    package var adopted = 0
    package var ambiguous = 0
    /// Orders without an item on the board.
    package var newOrders = 0
    package var unexplained = 0
    /// The first ``listLimit`` of each.
    package var pairs: [Adopted] = []
    package var ties: [Tie] = []
    package var unexplainedItems: [Item] = []
    /// Orders that were brought to the board in this run, and that were left to the daemon; nil on a dry run.
    package var done: Int?
    package var left: Int?
    package var durationMilliseconds: Int64 = 0

    package static let listLimit = 10_000

    package init() {}
}

extension AdoptReport {
    /// The report for people.
    ///
    /// - Parameter width: The cells of a line; nil where there is no limit.
    /// - Returns: Lines without trailing line breaks.
    package func lines(width: Int?) -> [String] {
        var table = TextTable([
            .init("WHAT"), .init("ORDER"), .init("CUSTOMER"), .init("PO"), .init("ITEM", .right),
            .init("NAME", isFlexible: true), .init("DIFFERS", .right),
        ])
        if self.dryRun {
            for pair in self.pairs {
                let order = pair.order
                table.add([
                    "pair", order.orderNumber, order.customer, order.poNumber ?? "", String(pair.item.id),
                    pair.item.name, String(pair.differences),
                ])
            }
        }
        for tie in self.ties {
            for order in tie.orders {
                table.add(["ambiguous", order.orderNumber, order.customer, order.poNumber ?? ""])
            }
            for item in tie.items { table.add(["ambiguous", "", "", "", String(item.id), item.name]) }
        }
        for item in self.unexplainedItems { table.add(["unexplained", "", "", "", String(item.id), item.name]) }
        var lines = table.isEmpty ? [] : table.lines(width: width) + [""]
        lines.append(
            "\(HumanText.count(self.read, "row")) and \(HumanText.count(self.items, "item")) without a key: "
                + "\(HumanText.count(self.adopted, "pair")), \(HumanText.count(self.ambiguous)) ambiguous, "
                + "\(HumanText.count(self.newOrders, "order")) without an item, "
                + "\(HumanText.count(self.unexplained, "item")) unexplained"
                + (self.rejected > 0 ? ", \(HumanText.count(self.rejected, "row")) rejected" : "")
        )
        if self.dryRun { return lines + ["dry run: nothing was written"] }
        if let done, let left {
            lines.append(
                "\(HumanText.count(done, "item")) got their keys"
                    + (left > 0 ? ", \(HumanText.count(left)) are left to ordersyncd" : "")
            )
        }
        if self.ambiguous + self.unexplained > 0 {
            lines.append("what is listed was left as it is: see to it before the first run, or set monday.shared")
        }
        return lines
    }
}
