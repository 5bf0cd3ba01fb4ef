import Orders

extension Board {
    /// Reads a board's JSON; nil when something that must be there is not.
    init?(_ json: JSON) {
        guard let id = json["id"]?.itemID, let groups = json["groups"]?.elements,
            let columns = json["columns"]?.elements
        else { return nil }
        var list: [Group] = []
        for element in groups where !element.isNull {
            guard let id = element["id"]?.string, let title = element["title"]?.string else { return nil }
            let archived = element["archived"]?.bool ?? false
            list.append(Group(id: id, title: title, archived: archived, deleted: element["deleted"]?.bool ?? false))
        }
        var read: [Column] = []
        var subitemBoard: Int64?
        for element in columns where !element.isNull {
            guard let column = Column(element) else { return nil }
            read.append(column)
            if column.type == "subtasks" { subitemBoard = subitemBoard ?? ColumnSettings(element["settings"]).board }
        }
        self.init(
            id: id,
            name: json["name"]?.string ?? "",
            state: json["state"]?.string ?? "",
            itemsCount: json["items_count"]?.integer.flatMap { Int(exactly: $0) },
            subitemBoard: subitemBoard,
            groups: list,
            columns: read
        )
    }
}

extension Board.Column {
    init?(_ json: JSON) {
        guard let id = json["id"]?.string, let type = json["type"]?.string else { return nil }
        self.init(
            id: id,
            title: json["title"]?.string ?? "",
            type: type,
            archived: json["archived"]?.bool ?? false,
            labels: type == "status" || type == "dropdown" ? ColumnSettings(json["settings"]).labels : nil
        )
    }
}

/// A column's settings, which come as an object, or in older form as a string that holds one.
private struct ColumnSettings {
    private let json: JSON

    init(_ json: JSON?) {
        if case .string(let text) = json {
            self.json = (try? JSON(parsing: Array(text.utf8))) ?? .null
        } else {
            self.json = json ?? .null
        }
    }

    /// The board behind a subitems column.
    var board: Int64? {
        let ids = self.json["boardIds"] ?? self.json["board_ids"] ?? self.json["boards"]
        return ids?.elements?.lazy.compactMap { $0.itemID ?? $0["id"]?.itemID }.first
    }

    /// The labels that can be chosen: a list of objects, or for status columns an object by number.
    var labels: [String] {
        if let members = self.json["labels"]?.members { return members.compactMap { $0.value.string } }
        return (self.json["labels"]?.elements ?? []).compactMap { label in
            if label["is_deactivated"]?.bool == true { return nil }
            return label["label"]?.string ?? label["name"]?.string
        }
    }
}

extension BoardPage {
    /// Reads a page of items.
    init(_ json: JSON?, keyColumn: String?) throws(Failure) {
        guard let elements = json?["items"]?.elements else { throw .misshapen("items") }
        var items: [BoardItem] = []
        for element in elements where !element.isNull {
            guard let item = BoardItem(element, keyColumn: keyColumn) else { throw .misshapen("items") }
            items.append(item)
        }
        self.init(items: items, cursor: json?["cursor"]?.string)
    }
}

extension SubitemPage {
    /// Reads a page of subitems; one whose parent is gone is nobody's.
    init(_ json: JSON?, sizeColumn: String, quantityColumn: String) throws(Failure) {
        guard let elements = json?["items"]?.elements else { throw .misshapen("items") }
        var entries: [Entry] = []
        for element in elements where !element.isNull {
            guard let subitem = BoardSubitem(element, sizeColumn: sizeColumn, quantityColumn: quantityColumn) else {
                throw .misshapen("items")
            }
            guard let parent = element["parent_item"]?["id"]?.itemID else { continue }
            entries.append(Entry(parent: parent, subitem: subitem))
        }
        self.init(entries: entries, cursor: json?["cursor"]?.string)
    }
}

extension BoardItem {
    init?(_ json: JSON, keyColumn: String?) {
        guard let id = json["id"]?.itemID else { return nil }
        let texts = ColumnTexts(json["column_values"])
        self.init(
            id: id,
            name: json["name"]?.string ?? "",
            state: json["state"]?.string ?? "",
            board: json["board"]?["id"]?.itemID,
            group: json["group"]?["id"]?.string,
            key: keyColumn.flatMap { texts[$0] }.flatMap { OrderKey($0) },
            texts: texts.byColumn
        )
    }
}

extension BoardSubitem {
    init?(_ json: JSON, sizeColumn: String, quantityColumn: String) {
        guard let id = json["id"]?.itemID else { return nil }
        let texts = ColumnTexts(json["column_values"])
        self.init(
            id: id,
            name: json["name"]?.string ?? "",
            state: json["state"]?.string ?? "",
            board: json["board"]?["id"]?.itemID,
            size: texts[sizeColumn],
            quantity: texts[quantityColumn].flatMap { text in
                Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
            }
        )
    }
}

/// The text of column values by column id, without the empty ones.
private struct ColumnTexts {
    private(set) var byColumn: [String: String] = [:]

    init(_ json: JSON?) {
        for element in json?.elements ?? [] {
            guard let id = element["id"]?.string, let text = element["text"]?.string, !text.isEmpty else { continue }
            self.byColumn[id] = text
        }
    }

    subscript(_ column: String) -> String? { self.byColumn[column] }
}
