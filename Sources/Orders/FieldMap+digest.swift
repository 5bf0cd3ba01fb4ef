extension FieldMap {
    static func digest(
        _ fields: [Field],
        _ keys: Keys,
        _ sizeBlock: SizeBlock,
        _ title: [String],
        _ subitem: Subitem,
        _ customers: CustomerNames
    ) -> Digest {
        var encoding = DigestEncoding(purpose: "field map", version: 1, capacity: 16384)
        encoding.append(Int64(fields.count))
        for field in fields {
            encoding.append(field.source)
            encoding.append(field.staging)
            encoding.append(field.stagingType.yaml)
            encoding.append(field.rule.rawValue)
            encoding.append(field.mondayColumn)
            encoding.append(field.mondayType.rawValue)
            encoding.append(field.onBoard.rawValue)
            encoding.append(field.createLabels ? "create" : "refuse")
            encoding.append(Int64(field.replacements.count))
            for (value, replacement) in field.replacements.sorted(by: { $0.key < $1.key }) {
                encoding.append(value)
                encoding.append(replacement)
            }
        }
        for column in [
            keys.orderNumber, keys.customer, keys.style, keys.colour, keys.recordUUID, keys.poNumber, keys.aagSeason,
            keys.customerSeason, sizeBlock.after, sizeBlock.before,
        ] {
            encoding.append(column)
        }
        for column in sizeBlock.others.sorted() { encoding.append(column) }
        encoding.append(Int64(title.count))
        title.forEach { encoding.append($0) }
        self.append(subitem, to: &encoding)
        for (alias, canonical) in customers.sorted {
            encoding.append(alias)
            encoding.append(canonical)
        }
        return encoding.digest
    }

    static func columnsDigest(_ fields: [Field], _ subitem: Subitem) -> Digest {
        var encoding = DigestEncoding(purpose: "board columns", version: 1, capacity: 4096)
        for field in fields {
            encoding.append(field.source)
            encoding.append(field.staging)
            encoding.append(field.mondayColumn)
            encoding.append(field.mondayType.rawValue)
        }
        self.append(subitem, to: &encoding)
        return encoding.digest
    }

    private static func append(_ subitem: Subitem, to encoding: inout DigestEncoding) {
        encoding.append(subitem.sizeColumn)
        encoding.append(subitem.sizeType.rawValue)
        encoding.append(subitem.quantityColumn)
        encoding.append(subitem.quantityType.rawValue)
        encoding.append(subitem.namePrefix)
    }
}
