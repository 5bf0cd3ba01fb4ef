extension FieldMap {
    /// Usual lengths of cells whose column has no limit of its own; longer cells are legal and read one by one.
    private enum UsualUnits {
        static let text = 255
        static let number = 40
        static let date = 40
        static let uuid = 38
    }

    /// Decides which columns to select from a source of this layout.
    /// - Throws: Every column that is missing, misnamed or ambiguous, at once.
    package func plan(for layout: SourceLayout) throws(FieldMapError) -> SourcePlan {
        var problems: [String] = []
        let names = layout.columns.map(\.name)
        let places = ColumnPlaces(names)
        for (name, count) in Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +) where count > 1 {
            problems.append("column “\(name)” occurs \(count) times in the source")
        }
        var columns: [PlannedColumn] = []
        var positions: [String: Int] = [:]
        func position(_ name: String, _ units: Int) -> Int {
            if let known = positions[name] { return known }
            let place = places[name]
            if place == nil { problems.append(Self.missing(name, in: layout)) }
            positions[name] = columns.count
            // As the source spells it: rows of a file are found by that.
            columns.append(PlannedColumn(name: place.map { names[$0] } ?? name, kind: .text(maxUnits: units)))
            return columns.count - 1
        }
        let fieldPositions = self.fields.map { position($0.source, Self.usualUnits($0)) }
        let text = UsualUnits.text
        let keys = SourcePlan.KeyPositions(
            orderNumber: position(self.keys.orderNumber, text),
            customer: position(self.keys.customer, text),
            style: position(self.keys.style, text),
            colour: position(self.keys.colour, text),
            recordUUID: self.keys.recordUUID.map { position($0, UsualUnits.uuid) },
            poNumber: position(self.keys.poNumber, text),
            aagSeason: position(self.keys.aagSeason, text),
            customerSeason: position(self.keys.customerSeason, text)
        )
        let titlePositions = self.title.map { position($0, text) }
        let block = self.block(layout, places, &problems)
        let sizes = block.filter(\.isInteger).map(\.name)
        if sizes.isEmpty, !block.isEmpty {
            problems.append("no column between “\(self.sizeBlock.after)” and “\(self.sizeBlock.before)” is an integer")
        }
        guard problems.isEmpty else {
            throw FieldMapError(name: "source", problems: problems.sorted().map { .init(line: nil, message: $0) })
        }
        return SourcePlan(
            columns: columns + sizes.map { PlannedColumn(name: $0, kind: .integer) },
            sizeLabels: sizes,
            skippedColumns: block.filter { !$0.isInteger }.map(\.name),
            keys: keys,
            fieldPositions: fieldPositions,
            titlePositions: titlePositions
        )
    }

    /// The columns strictly between the size block's two ends.
    private func block(
        _ layout: SourceLayout,
        _ places: ColumnPlaces,
        _ problems: inout [String]
    ) -> ArraySlice<SourceColumn> {
        let ends = [self.sizeBlock.after, self.sizeBlock.before]
        for end in ends where places[end] == nil {
            problems.append("size block: " + Self.missing(end, in: layout))
        }
        guard let after = places[ends[0]], let before = places[ends[1]] else { return [] }
        guard after + 1 < before else {
            problems.append("size block: no column stands between “\(ends[0])” and “\(ends[1])”")
            return []
        }
        let others = Set(self.sizeBlock.others.map { $0.lowercased() })
        return layout.columns[(after + 1)..<before]
            .map { SourceColumn(name: $0.name, isInteger: $0.isInteger && !others.contains($0.name.lowercased())) }[...]
    }

    private static func missing(_ name: String, in layout: SourceLayout) -> String {
        let likeness = { (text: String) in text.uppercased().filter { $0.isLetter || $0.isNumber } }
        let like = layout.columns.map(\.name).filter { likeness($0) == likeness(name) }
        guard !like.isEmpty else { return "column “\(name)” is missing from the source" }
        return "column “\(name)” is missing from the source, which has “\(like.joined(separator: "”, “"))”"
    }

    private static func usualUnits(_ field: Field) -> Int {
        switch field.rule {
        case .number: UsualUnits.number
        case .date: UsualUnits.date
        case .text, .season, .customer: field.valueLimit ?? UsualUnits.text
        }
    }
}

/// Where the columns of a source stand, by their names.
///
/// Case tells no two columns of a table apart, and some servers give the columns of a view in lower case; so a name that isn't there as
/// it is spelt is the one that differs in case alone, when there is one such.
private struct ColumnPlaces {
    private let exact: [String: Int]
    /// By the names in lower case.
    private let alike: [String: [Int]]

    init(_ names: [String]) {
        self.exact = Dictionary(zip(names, names.indices)) { first, _ in first }
        self.alike = Dictionary(grouping: names.indices) { names[$0].lowercased() }
    }

    subscript(name: String) -> Int? {
        if let place = self.exact[name] { return place }
        let places = self.alike[name.lowercased()] ?? []
        return places.count == 1 ? places.first : nil
    }
}
