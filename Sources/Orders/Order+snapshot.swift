import FoundationEssentials

/// A snapshot that can't be read.
package struct SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

extension Order {
    /// The version of the snapshot's form.
    private static let snapshotVersion = 1

    /// The whole order as JSON, by which the daemon and a later version of it know what to bring about.
    ///
    /// The bytes are canonical: one order and one map always give the same. Fields are named by their source column and
    /// sorted by it; null fields are left out. Sizes are pairs of label and quantity in column order.
    package func snapshot(_ fieldMap: FieldMap) -> [UInt8] {
        var json = JSONText(capacity: 2048)
        json.open("{")
        json.member("version", Int64(Self.snapshotVersion))
        json.member("order_number", self.businessKey.orderNumber)
        json.member("customer_name", self.businessKey.customer)
        json.member("style", self.businessKey.style)
        json.member("colour", self.businessKey.colour)
        json.member("record_uuid", self.recordUUID?.lowercaseText)
        json.member("group", self.group)
        json.member("title", self.title)
        json.member("customer", self.customer)
        json.member("po_number", self.poNumber)
        json.member("aag_season", self.aagSeason)
        json.member("customer_season", self.customerSeason)
        json.member("columns", self.columnsDigest?.hexadecimal)
        json.key("fields")
        json.open("{")
        for (name, field) in fieldMap.snapshotFields where self.values.indices.contains(field) {
            guard let value = self.values[field] else { continue }
            json.member(name, value.text)
        }
        json.close("}")
        json.key("sizes")
        json.open("[")
        for size in self.sizes {
            json.open("[")
            json.element(size.label)
            json.element(Int64(size.quantity))
            json.close("]")
        }
        json.close("]")
        json.close("}")
        return json.bytes
    }

    /// Reads a snapshot back.
    ///
    /// A field that the map has lost since is dropped, one that it has gained is null.
    /// - Throws: ``SnapshotError`` for anything that ``snapshot(_:)`` doesn't write.
    package init(snapshot: [UInt8], fieldMap: FieldMap) throws(SnapshotError) {
        let form: SnapshotForm
        do {
            form = try JSONDecoder().decode(SnapshotForm.self, from: Data(snapshot))
        } catch {
            throw SnapshotError(description: "the snapshot is not an order's JSON")
        }
        guard form.version == Self.snapshotVersion else {
            throw SnapshotError(description: "the snapshot has the unknown version \(form.version)")
        }
        let recordUUID = form.recordUUID.map(UUID.init(text:))
        let columnsDigest = form.columns.map(Digest.init(hexadecimal:))
        guard recordUUID != .some(nil), columnsDigest != .some(nil),
            form.sizes.allSatisfy({ $0.quantity > 0 })
        else { throw SnapshotError(description: "the snapshot holds a malformed value") }
        var values = [FieldValue?](repeating: nil, count: fieldMap.fields.count)
        for (name, field) in fieldMap.snapshotFields {
            values[field] = form.fields[name].map { fieldMap.fields[field].snapshotValue($0) }
        }
        self.init(
            businessKey: BusinessKey(
                orderNumber: form.orderNumber,
                customer: form.customerName,
                style: form.style,
                colour: form.colour
            ),
            recordUUID: recordUUID ?? nil,
            group: form.group,
            title: form.title,
            customer: form.customer,
            poNumber: form.poNumber,
            aagSeason: form.aagSeason,
            customerSeason: form.customerSeason,
            values: values,
            sizes: form.sizes.map { SizeQuantity(label: $0.label, quantity: $0.quantity) },
            columnsDigest: columnsDigest ?? nil
        )
    }
}

extension Field {
    /// The value of a snapshot's text; its kind follows from the rule.
    fileprivate func snapshotValue(_ text: String) -> FieldValue {
        switch self.rule {
        case .number: .number(text)
        case .date: .date(text)
        case .text, .season, .customer: .text(text)
        }
    }
}

/// The form of a snapshot, for reading.
private struct SnapshotForm: Decodable {
    struct Size: Decodable {
        let label: String
        let quantity: Int32

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            self.label = try pair.decode(String.self)
            self.quantity = try pair.decode(Int32.self)
            guard pair.isAtEnd else {
                throw DecodingError.dataCorruptedError(in: pair, debugDescription: "a size is a pair")
            }
        }
    }

    enum CodingKeys: String, CodingKey {
        case version
        case orderNumber = "order_number"
        case customerName = "customer_name"
        case style
        case colour
        case recordUUID = "record_uuid"
        case group
        case title
        case customer
        case poNumber = "po_number"
        case aagSeason = "aag_season"
        case customerSeason = "customer_season"
        case columns
        case fields
        case sizes
    }

    let version: Int
    let orderNumber: String
    let customerName: String
    let style: String?
    let colour: String?
    let recordUUID: String?
    let group: String
    let title: String
    let customer: String
    let poNumber: String?
    let aagSeason: String?
    let customerSeason: String?
    let columns: String?
    let fields: [String: String]
    let sizes: [Size]
}
