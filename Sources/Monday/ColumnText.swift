import Orders

/// The text of Monday's `column_values` argument: a string that holds a JSON object by column id.
enum ColumnText {
    /// For a new item: empty values are left out, since there is nothing to clear.
    static func create(_ columns: [ColumnValue], key: ItemKey?) -> String {
        var members = columns.compactMap { column in
            column.value.map { JSON.Member(column.columnID, Self.form(column.type, $0)) }
        }
        Self.add(key, to: &members)
        return JSON.object(members).text
    }

    /// For an item that is there: an empty value clears the cell, and the name is a column of that id.
    static func change(_ columns: [ColumnValue], name: String?, key: ItemKey?) -> String {
        var members = columns.map { column in
            JSON.Member(column.columnID, column.value.map { Self.form(column.type, $0) } ?? .null)
        }
        if let name { members.append(JSON.Member("name", .string(name))) }
        Self.add(key, to: &members)
        return JSON.object(members).text
    }

    private static func add(_ key: ItemKey?, to members: inout [JSON.Member]) {
        if let key { members.append(JSON.Member(key.column, .string(key.key.description))) }
    }

    /// The form that Monday wants a value of that column type in.
    ///
    /// Labels go in their object forms: a plain string for a dropdown is read as a list and split at commas.
    /// Numbers go as strings, which keep their digits.
    private static func form(_ type: ColumnType, _ value: FieldValue) -> JSON {
        switch type {
        case .text, .numbers: .string(value.text)
        case .longText: .object([JSON.Member("text", .string(value.text))])
        case .date: .object([JSON.Member("date", .string(value.text))])
        case .status: .object([JSON.Member("label", .string(value.text))])
        case .dropdown: .object([JSON.Member("labels", .array([.string(value.text)]))])
        }
    }
}
