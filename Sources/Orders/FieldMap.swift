/// How a source row becomes an order: which columns go where, and by which rules.
///
/// It is data, loaded from a file: another board or another column is an edit, not a build.
package struct FieldMap: Sendable {
    /// The source columns with a meaning of their own.
    package struct Keys: Hashable, Sendable {
        package let orderNumber: String
        package let customer: String
        package let style: String
        package let colour: String
        /// Nil when the source has no row identity.
        package let recordUUID: String?
        package let poNumber: String
        package let aagSeason: String
        package let customerSeason: String
    }

    /// The columns between which the sizes stand.
    package struct SizeBlock: Hashable, Sendable {
        package let after: String
        package let before: String
        /// Columns in between that are no sizes, whatever their type: a file has no types that could tell.
        package var others: Set<String> = []
    }

    /// How a size becomes a subitem.
    package struct Subitem: Hashable, Sendable {
        package let sizeColumn: String
        package let sizeType: ColumnType
        package let quantityColumn: String
        package let quantityType: ColumnType
        /// Stands before the size in the subitem's name.
        package let namePrefix: String
    }

    /// Where a value is written, by a name that tells a board column from a warehouse column.
    struct Target: Hashable, Sendable {
        let name: String
        let field: Int
    }

    package let fields: [Field]
    package let keys: Keys
    package let sizeBlock: SizeBlock
    /// The source columns whose values make the item's name.
    package let title: [String]
    package let subitem: Subitem
    package let customers: CustomerNames
    /// SHA-256 over all of the map; comments, layout and the order of the fields are immaterial.
    package let digest: Digest
    /// SHA-256 over the board columns alone: which column each source column is written to.
    package let columnsDigest: Digest
    /// All that is written for an order, sorted by name, so that a fingerprint doesn't hang on the order of the fields.
    let targets: [Target]
    /// The fields by their names in a snapshot, sorted.
    let snapshotFields: [(name: String, field: Int)]

    init(
        fields: [Field],
        keys: Keys,
        sizeBlock: SizeBlock,
        title: [String],
        subitem: Subitem,
        customers: CustomerNames
    ) {
        self.fields = fields
        self.keys = keys
        self.sizeBlock = sizeBlock
        self.title = title
        self.subitem = subitem
        self.customers = customers
        self.targets =
            fields
            .map { Target(name: $0.mondayColumn ?? "warehouse:\($0.staging)", field: $0.index) }
            .sorted { $0.name < $1.name }
        self.snapshotFields = Self.snapshotNames(of: fields)
        let sorted = fields.sorted { $0.staging < $1.staging }
        self.digest = Self.digest(sorted, keys, sizeBlock, title, subitem, customers)
        self.columnsDigest = Self.columnsDigest(sorted, subitem)
    }

    /// Names each field by its source column; where several share one, the staging column tells them apart.
    private static func snapshotNames(of fields: [Field]) -> [(name: String, field: Int)] {
        let counts = Dictionary(fields.map { ($0.source, 1) }, uniquingKeysWith: +)
        let names = fields.map { field in
            let isOnly = counts[field.source] == 1 || field.staging == field.source
            return (name: isOnly ? field.source : "\(field.source) > \(field.staging)", field: field.index)
        }
        return names.sorted { $0.name < $1.name }
    }

    /// The canonical name of a customer; the source's own when it has none.
    package func canonicalCustomer(_ name: String) -> String { self.customers.canonical(name) }
}
