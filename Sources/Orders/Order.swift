package import FoundationEssentials

/// One order as it shall stand on the board and in the warehouse: a full state, never a delta.
package struct Order: Hashable, Sendable {
    package let businessKey: BusinessKey
    /// The identity of the source row, which changes whenever the source is reloaded.
    package let recordUUID: UUID?
    /// The name of the group on the board.
    package let group: String
    /// The name of the item on the board; not unique.
    package let title: String
    /// The customer's canonical name.
    package let customer: String
    package let poNumber: String?
    package let aagSeason: String?
    package let customerSeason: String?
    /// One value for each of ``FieldMap/fields``, in their order.
    package let values: [FieldValue?]
    /// The sizes with a quantity above zero, in the source's column order.
    package let sizes: [SizeQuantity]
    /// ``FieldMap/columnsDigest`` of the map these values were made by; nil when unknown.
    ///
    /// Values of another map stand in other columns, so a comparison by field would miss them.
    package let columnsDigest: Digest?

    package init(
        businessKey: BusinessKey,
        recordUUID: UUID?,
        group: String,
        title: String,
        customer: String,
        poNumber: String? = nil,
        aagSeason: String? = nil,
        customerSeason: String? = nil,
        values: [FieldValue?],
        sizes: [SizeQuantity],
        columnsDigest: Digest? = nil
    ) {
        self.businessKey = businessKey
        self.recordUUID = recordUUID
        self.group = group
        self.title = title
        self.customer = customer
        self.poNumber = poNumber
        self.aagSeason = aagSeason
        self.customerSeason = customerSeason
        self.values = values
        self.sizes = sizes
        self.columnsDigest = columnsDigest
    }

    /// What the item's columns shall hold: one for each field that has a column, in the field map's order.
    ///
    /// What an item that is there already lacks of them is told by ``ItemChange``.
    package func columnValues(_ fieldMap: FieldMap) -> [ColumnValue] {
        zip(fieldMap.fields, self.values).compactMap { field, value in
            field.mondayColumn.map { column in
                ColumnValue(
                    columnID: column,
                    type: field.mondayType,
                    value: value.map { field.boardValue($0) },
                    createLabels: field.createLabels
                )
            }
        }
    }
}

extension Field {
    /// The value as the board's column takes it: a number or a day bound for any other type becomes text.
    package func boardValue(_ value: FieldValue) -> FieldValue {
        switch (value, self.mondayType) {
        case (.number, .numbers), (.date, .date): value
        default: .text(value.text)
        }
    }
}
