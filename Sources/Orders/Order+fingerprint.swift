extension Order {
    /// SHA-256 over all that is written for the order, with the columns it is written to.
    ///
    /// Two orders of one fingerprint look the same on the board and in the warehouse. The order of the map's fields is
    /// immaterial; a changed column id is not. Null is distinct from every text.
    package func fingerprint(_ fieldMap: FieldMap) -> Digest {
        var encoding = DigestEncoding(purpose: "fingerprint", version: 1, capacity: 4096)
        encoding.append(self.title)
        encoding.append(self.group)
        for target in fieldMap.targets {
            encoding.append(target.name)
            encoding.append(self.values.indices.contains(target.field) ? self.values[target.field] : nil)
        }
        encoding.append(fieldMap.subitem.sizeColumn)
        encoding.append(fieldMap.subitem.quantityColumn)
        encoding.append(fieldMap.subitem.namePrefix)
        encoding.append(Int64(self.sizes.count))
        // By label: a file of rows may have the sizes in another order than the table.
        for size in self.sizes.sorted(by: { $0.label < $1.label }) {
            encoding.append(size.label)
            encoding.append(Int64(size.quantity))
        }
        return encoding.digest
    }
}
