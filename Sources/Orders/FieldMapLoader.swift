import Yams

/// Turns the nodes of the map's file into a map, gathering every mistake.
struct FieldMapLoader {
    /// The only version of the file's form there is.
    static let version = "1"

    var problems: [FieldMapError.Problem] = []

    mutating func map(_ root: Node) -> FieldMap? {
        let sections: Set = ["version", "source", "title", "fields", "subitems", "customers"]
        guard let top = YAMLMapping(root, "field map", keys: sections, &self.problems) else { return nil }
        if let version = top.required("version", "field map", &self.problems), version != Self.version {
            self.add(top.line(of: "version"), "version \(version) is unknown: this program reads \(Self.version)")
        }
        let source = self.source(top)
        let fields = self.fields(top)
        let title = self.title(top)
        let subitem = self.subitem(top)
        let customers = self.customers(top)
        guard let (keys, sizeBlock) = source, let fields, let title, let subitem, let customers else { return nil }
        return FieldMap(
            fields: fields,
            keys: keys,
            sizeBlock: sizeBlock,
            title: title,
            subitem: subitem,
            customers: customers
        )
    }

    mutating func add(_ line: Int?, _ message: String) {
        self.problems.append(.init(line: line, message: message))
    }

    /// The mapping under a key of the file's top, which must be there.
    mutating func section(_ key: String, of top: YAMLMapping, keys: Set<String>) -> YAMLMapping? {
        guard let node = top[key] else {
            self.add(nil, "“\(key)” is missing")
            return nil
        }
        return YAMLMapping(node, key, keys: keys, &self.problems)
    }

    private mutating func source(_ top: YAMLMapping) -> (FieldMap.Keys, FieldMap.SizeBlock)? {
        let roles = [
            "order_number", "customer", "style", "colour", "po_number", "aag_season", "customer_season",
        ]
        guard
            let section = self.section("source", of: top, keys: Set(roles + ["record_uuid", "sizes"]))
        else { return nil }
        var columns: [String: String] = [:]
        for role in roles {
            columns[role] = section.required(role, "source", &self.problems)
        }
        let recordUUID = section.text("record_uuid", "source", &self.problems)
        guard let sizesNode = section["sizes"] else {
            self.add(section.line, "source: “sizes” is missing")
            return nil
        }
        guard let sizes = YAMLMapping(sizesNode, "source: sizes", keys: ["after", "before", "except"], &self.problems)
        else {
            return nil
        }
        let after = sizes.required("after", "source: sizes", &self.problems)
        let before = sizes.required("before", "source: sizes", &self.problems)
        let others = sizes["except"]?.sequence?.compactMap { $0.scalar?.string }
        if let node = sizes["except"], others?.count != node.sequence?.count {
            self.add(node.mark?.line, "source: sizes: “except” must be a list of source columns")
        }
        guard let after, let before, columns.count == roles.count else { return nil }
        let column = { (role: String) in columns[role] ?? "" }
        return (
            FieldMap.Keys(
                orderNumber: column("order_number"),
                customer: column("customer"),
                style: column("style"),
                colour: column("colour"),
                recordUUID: recordUUID,
                poNumber: column("po_number"),
                aagSeason: column("aag_season"),
                customerSeason: column("customer_season")
            ),
            FieldMap.SizeBlock(after: after, before: before, others: Set(others ?? []))
        )
    }

    private mutating func title(_ top: YAMLMapping) -> [String]? {
        guard let node = top["title"] else {
            self.add(nil, "“title” is missing")
            return nil
        }
        let columns = node.sequence?.compactMap { $0.scalar?.string }.filter { !$0.isEmpty } ?? []
        guard let count = node.sequence?.count, count > 0, columns.count == count else {
            self.add(node.mark?.line, "“title” must be a list of source columns")
            return nil
        }
        return columns
    }

    private mutating func subitem(_ top: YAMLMapping) -> FieldMap.Subitem? {
        guard let section = self.section("subitems", of: top, keys: ["name_prefix", "size", "quantity"]) else {
            return nil
        }
        let prefix = section["name_prefix"]?.scalar?.string
        if prefix == nil {
            self.add(section.line(of: "name_prefix"), "subitems: “name_prefix” must be a text")
        }
        let size = self.boardColumn("size", section, types: [.dropdown, .text, .status])
        let quantity = self.boardColumn("quantity", section, types: [.numbers])
        if let size, let quantity, size.id == quantity.id {
            self.add(section.line(of: "quantity"), "subitems: column \(size.id) is used twice")
        }
        guard let prefix, let size, let quantity else { return nil }
        return FieldMap.Subitem(
            sizeColumn: size.id,
            sizeType: size.type,
            quantityColumn: quantity.id,
            quantityType: quantity.type,
            namePrefix: prefix
        )
    }

    private mutating func boardColumn(
        _ key: String,
        _ section: YAMLMapping,
        types: Set<ColumnType>
    ) -> (id: String, type: ColumnType)? {
        guard let node = section[key] else {
            self.add(section.line, "subitems: “\(key)” is missing")
            return nil
        }
        let what = "subitems: \(key)"
        guard let mapping = YAMLMapping(node, what, keys: ["column", "type"], &self.problems) else { return nil }
        let id = mapping.required("column", what, &self.problems)
        guard let word = mapping.required("type", what, &self.problems) else { return nil }
        guard let type = ColumnType(rawValue: word), types.contains(type) else {
            let known = types.map(\.rawValue).sorted().joined(separator: ", ")
            self.add(mapping.line(of: "type"), "\(what): type “\(word)” won't do; use \(known)")
            return nil
        }
        return id.map { ($0, type) }
    }

    private mutating func customers(_ top: YAMLMapping) -> CustomerNames? {
        guard let section = self.section("customers", of: top, keys: []) else { return nil }
        var canonicalByAlias: [String: String] = [:]
        for (canonical, line, node) in section.pairs {
            guard let aliases = node.sequence?.map({ $0.scalar?.string }) else {
                self.add(node.mark?.line ?? line, "customers: “\(canonical)” needs a list of aliases, which may be []")
                continue
            }
            for alias in [canonical] + aliases {
                guard let alias, !alias.isEmpty else {
                    self.add(line, "customers: an alias of “\(canonical)” is not a text")
                    continue
                }
                let folded = CustomerNames.folded(alias)
                if let other = canonicalByAlias[folded] {
                    self.add(line, "customers: “\(alias)” is an alias of “\(other)” and of “\(canonical)”")
                }
                canonicalByAlias[folded] = canonical
            }
        }
        return CustomerNames(canonicalByAlias)
    }
}
