/// One thing in which two states of an order differ, in words for people.
package struct OrderDifference: Hashable, Sendable {
    /// The source column, `name` or `group` of the item, or `size` and the size's label.
    package let column: String
    /// Nil for null, and for a size of no pieces.
    package let old: String?
    package let new: String?

    package init(column: String, old: String?, new: String?) {
        self.column = column
        self.old = old
        self.new = new
    }
}

extension Order {
    /// In how many fields and sizes the two differ, of all that is written for an order.
    ///
    /// Name and group follow from fields, so they count nothing.
    package func distance(to other: Order) -> Int {
        var count = max(self.values.count, other.values.count) - min(self.values.count, other.values.count)
        for (value, otherValue) in zip(self.values, other.values) where value != otherValue { count += 1 }
        let sizes = Dictionary(self.sizes.map { ($0.label, $0.quantity) }) { first, _ in first }
        var shared = 0
        for size in other.sizes {
            guard let quantity = sizes[size.label] else {
                count += 1
                continue
            }
            shared += 1
            if quantity != size.quantity { count += 1 }
        }
        return count + sizes.count - shared
    }

    /// Whether both have the same sizes and as many pieces of each; orders without any size don't agree.
    package func hasSameSizes(as other: Order) -> Bool {
        !self.sizes.isEmpty && Set(self.sizes) == Set(other.sizes)
    }

    /// What became of another state of the order: first name and group, then the fields in the map's order, then sizes.
    package func differences(from old: Order, _ fieldMap: FieldMap) -> [OrderDifference] {
        var differences: [OrderDifference] = []
        func compare(_ column: String, _ old: String?, _ new: String?) {
            if old != new { differences.append(OrderDifference(column: column, old: old, new: new)) }
        }
        compare("name", old.title.isEmpty ? nil : old.title, self.title.isEmpty ? nil : self.title)
        compare("group", old.group.isEmpty ? nil : old.group, self.group.isEmpty ? nil : self.group)
        for field in fieldMap.fields {
            compare(field.source, old.text(of: field), self.text(of: field))
        }
        let sizes = Dictionary(old.sizes.map { ($0.label, $0.quantity) }) { first, _ in first }
        let newSizes = Dictionary(self.sizes.map { ($0.label, $0.quantity) }) { first, _ in first }
        let labels = self.sizes.map(\.label) + old.sizes.map(\.label).filter { newSizes[$0] == nil }
        for label in labels {
            compare("size \(label)", sizes[label].map { "\($0)" }, newSizes[label].map { "\($0)" })
        }
        return differences
    }

    private func text(of field: Field) -> String? {
        self.values.indices.contains(field.index) ? self.values[field.index]?.text : nil
    }
}
