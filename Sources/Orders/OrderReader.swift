import FoundationEssentials

/// Reads source rows into orders by the field map.
package struct OrderReader: Sendable {
    private let plan: SourcePlan
    private let fieldMap: FieldMap

    package init(plan: SourcePlan, fieldMap: FieldMap) {
        self.plan = plan
        self.fieldMap = fieldMap
    }

    /// Reads one row.
    /// - Parameters:
    ///   - cells: The row, numbered as the plan's columns.
    ///   - row: The number of the row in this read, from 1, for the reject's report.
    /// - Returns: The order, or the reject with every reason.
    package func read(_ cells: some SourceCells, row: Int? = nil) -> RowReading {
        var reasons: [Reject.Reason] = []
        let values = self.values(cells, &reasons)
        let sizes = self.sizes(cells, &reasons)
        let keys = self.plan.keys
        let orderNumber = self.key(cells, keys.orderNumber, &reasons)
        let customer = self.key(cells, keys.customer, &reasons)
        let recordUUID = self.recordUUID(cells, &reasons)
        let style = self.text(cells, keys.style)
        let colour = self.text(cells, keys.colour)
        guard let orderNumber, let customer else {
            return .reject(
                Reject(
                    row: row,
                    businessKey: nil,
                    recordUUID: recordUUID,
                    orderNumber: orderNumber,
                    customer: customer,
                    reasons: reasons
                )
            )
        }
        let aagSeason = self.season(cells, keys.aagSeason)
        let customerSeason = self.season(cells, keys.customerSeason)
        let group = GroupName.make(customer: customer, customerSeason: customerSeason, aagSeason: aagSeason)
        let title = ItemName.make(self.plan.titlePositions.map { self.text(cells, $0) })
        self.check("group name", group, limit: GroupName.maximumLength, &reasons)
        self.check("item name", title, limit: ItemName.maximumLength, &reasons)
        let businessKey = BusinessKey(orderNumber: orderNumber, customer: customer, style: style, colour: colour)
        guard reasons.isEmpty else {
            return .reject(
                Reject(
                    row: row,
                    businessKey: businessKey,
                    recordUUID: recordUUID,
                    orderNumber: orderNumber,
                    customer: customer,
                    reasons: reasons
                )
            )
        }
        return .order(
            Order(
                businessKey: businessKey,
                recordUUID: recordUUID,
                group: group,
                title: title,
                customer: self.fieldMap.canonicalCustomer(customer),
                poNumber: self.text(cells, keys.poNumber),
                aagSeason: aagSeason,
                customerSeason: customerSeason,
                values: values,
                sizes: sizes,
                columnsDigest: self.fieldMap.columnsDigest
            )
        )
    }

    private func values(_ cells: some SourceCells, _ reasons: inout [Reject.Reason]) -> [FieldValue?] {
        var values: [FieldValue?] = []
        values.reserveCapacity(self.fieldMap.fields.count)
        for (field, position) in zip(self.fieldMap.fields, self.plan.fieldPositions) {
            let cell = cells.text(at: position)
            do {
                values.append(try field.value(of: cell, customers: self.fieldMap.customers))
            } catch {
                values.append(nil)
                reasons.append(Reject.Reason(column: field.source, value: cell, reason: error.reason))
            }
        }
        return values
    }

    private func sizes(_ cells: some SourceCells, _ reasons: inout [Reject.Reason]) -> [SizeQuantity] {
        var sizes: [SizeQuantity] = []
        let first = self.plan.firstSize
        for index in self.plan.sizeLabels.indices {
            guard let quantity = cells.integer(at: first + index) else {
                if let text = cells.malformedInteger(at: first + index) {
                    let column = self.plan.sizeLabels[index]
                    reasons.append(Reject.Reason(column: column, value: text, reason: "is not a quantity"))
                }
                continue
            }
            guard quantity != 0 else { continue }
            guard let small = Int32(exactly: quantity) else {
                let column = self.plan.sizeLabels[index]
                reasons.append(Reject.Reason(column: column, value: "\(quantity)", reason: "is too large a quantity"))
                continue
            }
            guard small > 0 else { continue }
            sizes.append(SizeQuantity(label: self.plan.sizeLabels[index], quantity: small))
        }
        return sizes
    }

    private func text(_ cells: some SourceCells, _ position: Int) -> String? {
        cells.text(at: position).flatMap { CellText.cleaned($0, .spaced) }
    }

    private func season(_ cells: some SourceCells, _ position: Int) -> String? {
        self.text(cells, position).flatMap { CellText.isNullWord($0) ? nil : $0 }
    }

    /// A column without which there is no order.
    private func key(_ cells: some SourceCells, _ position: Int, _ reasons: inout [Reject.Reason]) -> String? {
        if let text = self.text(cells, position) { return text }
        let column = self.plan.columns[position].name
        reasons.append(Reject.Reason(column: column, value: cells.text(at: position), reason: "is missing"))
        return nil
    }

    private func recordUUID(_ cells: some SourceCells, _ reasons: inout [Reject.Reason]) -> UUID? {
        guard let position = self.plan.keys.recordUUID, let text = self.text(cells, position) else { return nil }
        if let uuid = UUID(uuidString: text) { return uuid }
        let column = self.plan.columns[position].name
        reasons.append(Reject.Reason(column: column, value: text, reason: "is not a UUID"))
        return nil
    }

    private func check(_ what: String, _ name: String, limit: Int, _ reasons: inout [Reject.Reason]) {
        guard name.utf8.count > limit, name.utf16.count > limit else { return }
        let reason = "has \(name.utf16.count) characters; Monday.com takes \(limit)"
        reasons.append(Reject.Reason(column: what, value: name, reason: reason))
    }
}
