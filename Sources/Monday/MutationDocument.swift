import Orders

/// The document and variables of a request for changes, grown one mutation at a time.
struct MutationDocument {
    private let board: Int64
    private var declarations: [String] = []
    private var fields: [String] = []
    private var variables: [JSON.Member] = []
    private(set) var aliases: [String] = []

    init(board: Int64) {
        self.board = board
    }

    /// The GraphQL text: one field a mutation, under its alias, beside what the request costs.
    var text: String {
        let declarations = self.declarations.isEmpty ? "" : "(\(self.declarations.joined(separator: ", ")))"
        return "mutation\(declarations) { complexity { before query after reset_in_x_seconds } "
            + self.fields.joined(separator: " ") + " }"
    }

    /// The request's body as it is sent.
    var body: [UInt8] {
        JSON.object([
            JSON.Member("query", .string(self.text)),
            JSON.Member("variables", .object(self.variables)),
        ]).bytes
    }

    mutating func add(_ mutation: Mutation) {
        let alias = Alias.name(self.aliases.count, of: mutation.kind)
        self.aliases.append(alias)
        let field: String
        let arguments: [String]
        switch mutation {
        case .createGroup(let title, let after):
            field = "create_group"
            var list = [
                "board_id: \(self.boardVariable())",
                "group_name: \(self.variable(alias, "name", "String!", .string(title)))",
            ]
            // Without these two Monday puts a new group on top, and a row of groups comes out in reverse.
            if let after {
                list.append("relative_to: \(self.variable(alias, "after", "String!", .string(after)))")
                list.append("position_relative_method: after_at")
            }
            arguments = list
        case .createItem(let group, let name, let columns, let key):
            field = "create_item"
            arguments =
                [
                    "board_id: \(self.boardVariable())",
                    "group_id: \(self.variable(alias, "group", "String!", .string(group)))",
                    "item_name: \(self.variable(alias, "name", "String!", .string(name)))",
                ] + self.values(alias, ColumnText.create(columns, key: key), columns)
        case .createSubitem(let parent, let name, let columns):
            field = "create_subitem"
            arguments =
                [
                    "parent_item_id: \(self.variable(alias, "parent", "ID!", .id(parent)))",
                    "item_name: \(self.variable(alias, "name", "String!", .string(name)))",
                ] + self.values(alias, ColumnText.create(columns, key: nil), columns)
        case .changeColumns(let board, let item, let columns, let name, let key):
            field = "change_multiple_column_values"
            arguments =
                [
                    "board_id: \(self.variable(alias, "board", "ID!", .id(board)))",
                    "item_id: \(self.variable(alias, "item", "ID!", .id(item)))",
                ] + self.values(alias, ColumnText.change(columns, name: name, key: key), columns)
        case .moveItem(let item, let group):
            field = "move_item_to_group"
            arguments = [
                "item_id: \(self.variable(alias, "item", "ID!", .id(item)))",
                "group_id: \(self.variable(alias, "group", "String!", .string(group)))",
            ]
        case .archiveItem(let item), .deleteItem(let item):
            field = mutation.kind.rawValue
            arguments = ["item_id: \(self.variable(alias, "item", "ID!", .id(item)))"]
        case .createTextColumn(let title):
            field = "create_column"
            arguments = [
                "board_id: \(self.boardVariable())",
                "title: \(self.variable(alias, "title", "String!", .string(title)))",
                "column_type: text",
            ]
        }
        let selection = Alias.isOfChange(alias) ? "id state" : "id"
        self.fields.append("\(alias): \(field)(\(arguments.joined(separator: ", "))) { \(selection) }")
    }

    /// The two arguments that carry column values.
    private mutating func values(_ alias: String, _ text: String, _ columns: [ColumnValue]) -> [String] {
        let labels = columns.contains { $0.createLabels && $0.value != nil && $0.type.hasLabels }
        return [
            "column_values: \(self.variable(alias, "values", "JSON!", .string(text)))",
            "create_labels_if_missing: \(self.variable(alias, "labels", "Boolean!", .bool(labels)))",
        ]
    }

    /// Declares a variable of one mutation; answers its name with the dollar.
    private mutating func variable(_ alias: String, _ name: String, _ type: String, _ value: JSON) -> String {
        let name = "\(alias)_\(name)"
        self.declarations.append("$\(name): \(type)")
        self.variables.append(JSON.Member(name, value))
        return "$\(name)"
    }

    /// The board's variable, which all mutations share; declared with its first use.
    private mutating func boardVariable() -> String {
        if !self.variables.contains(where: { $0.key == "board" }) {
            self.declarations.append("$board: ID!")
            self.variables.append(JSON.Member("board", .id(self.board)))
        }
        return "$board"
    }
}

extension ColumnType {
    /// Whether a value is a label of the column, which may have to be made first.
    fileprivate var hasLabels: Bool { self == .status || self == .dropdown }
}
