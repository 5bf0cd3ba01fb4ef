import Yams

extension FieldMapLoader {
    /// The columns of the staging tables that the program fills itself, upper-cased.
    private static let reserved: Set = ["TITLE", "GROUP", "ITEM ID", "ORDER_KEY", "SOURCE_UUID", "SOURCE_HASH"]
    private static let keys: Set = ["source", "staging", "monday", "rule", "values", "on_board", "create_labels"]

    mutating func fields(_ top: YAMLMapping) -> [Field]? {
        guard let nodes = top["fields"]?.sequence, !nodes.isEmpty else {
            self.add(top.line(of: "fields"), "“fields” must be a list with at least one field")
            return nil
        }
        var fields: [Field] = []
        var seen: [String: Int] = [:]
        for node in nodes {
            guard let field = self.field(node, index: fields.count, &seen) else { continue }
            fields.append(field)
        }
        return fields
    }

    /// Notes a column that two fields write to; staging columns are the same in any case, as in the warehouse.
    private mutating func once(_ what: String, folded: String, _ line: Int?, _ seen: inout [String: Int]) {
        let key = "\(what.prefix(3))\(folded)"
        if let first = seen[key] {
            self.add(line, "\(what) is mapped twice, first in line \(first)")
        }
        seen[key] = seen[key] ?? line ?? 0
    }

    private mutating func field(_ node: Node, index: Int, _ seen: inout [String: Int]) -> Field? {
        guard let mapping = YAMLMapping(node, "field", keys: Self.keys, &self.problems) else { return nil }
        guard let source = mapping.required("source", "field", &self.problems) else { return nil }
        let what = "field “\(source)”"
        let staging = self.staging(mapping, what, source)
        let monday = self.monday(mapping, what)
        if let column = staging?.column {
            if Self.reserved.contains(column.uppercased()) || column.uppercased().hasPrefix("STG_") {
                self.add(mapping.line, "\(what): staging column “\(column)” is filled by the program itself")
            }
            self.once("staging column “\(column)”", folded: column.uppercased(), mapping.line, &seen)
        }
        if let column = monday?.column {
            self.once("Monday column “\(column)”", folded: column, mapping.line, &seen)
        }
        let rule = self.rule(mapping, what, staging?.type)
        let replacements = self.replacements(mapping, what, rule)
        let onBoard = self.choice("on_board", mapping, what, Field.OnBoard.allCases.map(\.rawValue))
        let createLabels = self.choice("create_labels", mapping, what, ["true", "false"])
        guard let staging, let stagingType = staging.type, let rule, let replacements else { return nil }
        self.checkTypes(mapping, what, rule, stagingType, monday?.type)
        return Field(
            index: index,
            source: source,
            staging: staging.column,
            stagingType: stagingType,
            rule: rule,
            replacements: replacements,
            mondayColumn: monday?.column,
            mondayType: monday?.type ?? .text,
            onBoard: onBoard.flatMap(Field.OnBoard.init(rawValue:)) ?? .overwrite,
            createLabels: createLabels != "false"
        )
    }

    /// `staging: { column: …, type: … }`; the column is named like the source's when not given.
    private mutating func staging(
        _ mapping: YAMLMapping,
        _ what: String,
        _ source: String
    ) -> (column: String, type: Field.StagingType?)? {
        guard let node = mapping["staging"] else {
            self.add(mapping.line, "\(what): “staging” is missing")
            return nil
        }
        guard let staging = YAMLMapping(node, "\(what): staging", keys: ["column", "type"], &self.problems) else {
            return nil
        }
        let column = staging.text("column", what, &self.problems) ?? source
        guard let word = staging.required("type", "\(what): staging", &self.problems) else { return (column, nil) }
        guard let type = Field.StagingType(yaml: word) else {
            self.add(
                staging.line(of: "type"),
                "\(what): staging type “\(word)” is unknown; use nvarchar(1…4000), nvarchar(max), float or date"
            )
            return (column, nil)
        }
        return (column, type)
    }

    /// `monday: { column: …, type: … }`; without it the value goes to the warehouse only.
    private mutating func monday(_ mapping: YAMLMapping, _ what: String) -> (column: String, type: ColumnType?)? {
        guard let node = mapping["monday"] else { return nil }
        guard let monday = YAMLMapping(node, "\(what): monday", keys: ["column", "type"], &self.problems) else {
            return nil
        }
        let column = monday.required("column", "\(what): monday", &self.problems)
        let word = monday.required("type", "\(what): monday", &self.problems)
        let type = word.flatMap(ColumnType.init(rawValue:))
        if let word, type == nil {
            let known = ColumnType.allCases.map(\.rawValue).joined(separator: ", ")
            self.add(monday.line(of: "type"), "\(what): Monday type “\(word)” is unknown; use one of \(known)")
        }
        return column.map { ($0, type) }
    }

    private mutating func rule(
        _ mapping: YAMLMapping,
        _ what: String,
        _ stagingType: Field.StagingType?
    ) -> Field.Rule? {
        guard
            let word = self.choice("rule", mapping, what, Field.Rule.allCases.map(\.rawValue))
        else {
            return switch stagingType {
            case nil: nil
            case .float: .number
            case .date: .date
            case .text: .text
            }
        }
        return Field.Rule(rawValue: word)
    }

    private mutating func replacements(
        _ mapping: YAMLMapping,
        _ what: String,
        _ rule: Field.Rule?
    ) -> [String: String]? {
        guard let node = mapping["values"] else { return [:] }
        guard let values = YAMLMapping(node, "\(what): values", keys: [], &self.problems) else { return nil }
        if let rule, rule != .text {
            self.add(mapping.line(of: "values"), "\(what): “values” goes with the rule text only")
        }
        var replacements: [String: String] = [:]
        for (value, line, _) in values.pairs {
            guard let replacement = values.required(value, "\(what): values", &self.problems) else { continue }
            if replacements.updateValue(replacement, forKey: value.uppercased()) != nil {
                self.add(line, "\(what): “\(value)” is replaced twice (the case makes no difference)")
            }
        }
        return replacements
    }

    /// A key whose value is one of a few words; nil when missing or wrong, which is noted.
    private mutating func choice(
        _ key: String,
        _ mapping: YAMLMapping,
        _ what: String,
        _ words: [String]
    ) -> String? {
        guard let word = mapping.text(key, what, &self.problems) else { return nil }
        guard words.contains(word) else {
            let known = words.joined(separator: ", ")
            self.add(mapping.line(of: key), "\(what): “\(key): \(word)” is unknown; use one of \(known)")
            return nil
        }
        return word
    }

    /// A column of numbers or days takes nothing else.
    private mutating func checkTypes(
        _ mapping: YAMLMapping,
        _ what: String,
        _ rule: Field.Rule,
        _ stagingType: Field.StagingType,
        _ mondayType: ColumnType?
    ) {
        let line = mapping.line(of: "rule")
        if stagingType == .float, rule != .number {
            self.add(line, "\(what): a float column takes numbers only: use the rule number")
        }
        if stagingType == .date, rule != .date {
            self.add(line, "\(what): a date column takes days only: use the rule date")
        }
        if mondayType == .numbers, rule != .number {
            self.add(line, "\(what): Monday's numbers columns take numbers only: use the rule number")
        }
        if mondayType == .date, rule != .date {
            self.add(line, "\(what): Monday's date columns take days only: use the rule date")
        }
    }
}
