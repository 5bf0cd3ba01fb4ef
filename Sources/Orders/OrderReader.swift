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
        // Each cell is fetched once, though several parts of the order may need it.
        let texts = (0..<self.plan.firstSize).map { cells.text(at: $0) }
        let values = self.values(texts, &reasons)
        let sizes = self.sizes(cells, &reasons)
        let keys = self.plan.keys
        let orderNumber = self.key(texts, keys.orderNumber, &reasons)
        let customer = self.key(texts, keys.customer, &reasons)
        let recordUUID = self.recordUUID(texts, &reasons)
        let style = self.text(texts, keys.style)
        let colour = self.text(texts, keys.colour)
        let poNumber = self.text(texts, keys.poNumber)
        let aagSeason = self.season(texts, keys.aagSeason)
        let customerSeason = self.season(texts, keys.customerSeason)
        func reject(_ state: Order?) -> RowReading {
            .reject(
                Reject(
                    row: row,
                    businessKey: state?.businessKey,
                    recordUUID: recordUUID,
                    orderNumber: orderNumber,
                    customer: customer,
                    poNumber: poNumber,
                    aagSeason: aagSeason,
                    customerSeason: customerSeason,
                    reasons: reasons,
                    source: self.source(texts, cells),
                    state: state,
                    name: state == nil ? Reject.name(values: values.map { $0?.text }, sizes: sizes) : nil
                )
            )
        }
        guard let orderNumber, let customer else { return reject(nil) }
        let group = GroupName.make(customer: customer, customerSeason: customerSeason, aagSeason: aagSeason)
        let title = ItemName.make(self.plan.titlePositions.map { self.text(texts, $0) })
        self.check("group name", group, limit: GroupName.maximumLength, &reasons)
        self.check("item name", title, limit: ItemName.maximumLength, &reasons)
        let businessKey = BusinessKey(orderNumber: orderNumber, customer: customer, style: style, colour: colour)
        let order = Order(
            businessKey: businessKey,
            recordUUID: recordUUID,
            group: group,
            title: title,
            customer: self.fieldMap.canonicalCustomer(customer),
            poNumber: poNumber,
            aagSeason: aagSeason,
            customerSeason: customerSeason,
            values: values,
            sizes: sizes,
            columnsDigest: self.fieldMap.columnsDigest
        )
        return reasons.isEmpty ? .order(order) : reject(order)
    }

    /// The digest of a row's business key, from the cells of its key alone; nil when the order number or the customer is missing.
    package func keyDigest(_ cells: some SourceCells) -> Digest? {
        let keys = self.plan.keys
        func text(_ position: Int) -> String? { cells.text(at: position).flatMap { CellText.cleaned($0, .spaced) } }
        guard let orderNumber = text(keys.orderNumber), let customer = text(keys.customer) else { return nil }
        let key = BusinessKey(
            orderNumber: orderNumber,
            customer: customer,
            style: text(keys.style),
            colour: text(keys.colour)
        )
        return key.digest
    }

    /// The row for the error table, before any rule has touched it.
    private func source(_ texts: [String?], _ cells: some SourceCells) -> [UInt8] {
        var json = JSONText(capacity: 2048)
        json.open("{")
        for (column, text) in zip(self.plan.columns, texts) { json.member(column.name, text) }
        for (index, label) in self.plan.sizeLabels.enumerated() {
            let cell = self.plan.firstSize + index
            if let quantity = cells.integer(at: cell) {
                if quantity != 0 { json.member(label, quantity) }
            } else {
                json.member(label, cells.malformedInteger(at: cell))
            }
        }
        json.close("}")
        return json.bytes
    }

    private func values(_ texts: [String?], _ reasons: inout [Reject.Reason]) -> [FieldValue?] {
        var values: [FieldValue?] = []
        values.reserveCapacity(self.fieldMap.fields.count)
        for index in self.fieldMap.fields.indices {
            guard let cell = texts[self.plan.fieldPositions[index]] else {
                values.append(nil)
                continue
            }
            do {
                values.append(try self.fieldMap.fields[index].value(of: cell, customers: self.fieldMap.customers))
            } catch {
                values.append(nil)
                let column = self.fieldMap.fields[index].source
                reasons.append(Reject.Reason(column: column, value: cell, reason: error.reason))
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

    private func text(_ texts: [String?], _ position: Int) -> String? {
        texts[position].flatMap { CellText.cleaned($0, .spaced) }
    }

    private func season(_ texts: [String?], _ position: Int) -> String? {
        self.text(texts, position).flatMap { CellText.isNullWord($0) ? nil : $0 }
    }

    /// A column without which there is no order.
    private func key(_ texts: [String?], _ position: Int, _ reasons: inout [Reject.Reason]) -> String? {
        if let text = self.text(texts, position) { return text }
        let column = self.plan.columns[position].name
        reasons.append(Reject.Reason(column: column, value: texts[position], reason: "is missing"))
        return nil
    }

    private func recordUUID(_ texts: [String?], _ reasons: inout [Reject.Reason]) -> UUID? {
        guard let position = self.plan.keys.recordUUID, let text = self.text(texts, position) else { return nil }
        if let uuid = UUIDText.parse(text) { return uuid }
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
