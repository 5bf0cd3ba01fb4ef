import TestSupport

/// What stands on the sandbox's board, laid out for looking at.
struct BoardPicture {
    struct Item {
        let id: String
        let name: String
        let group: String
        let columns: [String: String]
        /// Quantities by size.
        let subitems: [String: String]
        /// Their ids by size.
        let subitemIDs: [String: String]
        let subitemCount: Int

        /// All sizes together.
        var quantity: Int {
            var sum = 0
            for quantity in self.subitems.values { sum += Int(quantity) ?? 0 }
            return sum
        }

        var key: String? { self.columns[Sandbox.keyColumn] }
    }

    let groups: [String]
    let items: [Item]

    init(_ state: JSONValue) {
        let board = state["boards"].array.first { $0["id"].integer == Int(Sandbox.board) }
        var groups: [String] = []
        var items: [Item] = []
        for group in board?["groups"].array ?? [] {
            let title = group["title"].string ?? ""
            groups.append(title)
            for item in group["items"].array where item["state"].string == "active" {
                items.append(Item(item, group: title))
            }
        }
        self.groups = groups
        self.items = items
    }

    /// Items whose order key stands on another item too.
    var duplicateKeys: [String] {
        Dictionary(grouping: self.items.compactMap(\.key)) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    }

    /// All sizes of all items together.
    var quantity: Int {
        var sum = 0
        for item in self.items { sum += item.quantity }
        return sum
    }

    /// The subitems of all items together.
    var subitemCount: Int {
        var sum = 0
        for item in self.items { sum += item.subitemCount }
        return sum
    }

    func items(in group: String) -> [Item] { self.items.filter { $0.group == group } }
}

extension BoardPicture.Item {
    fileprivate init(_ item: JSONValue, group: String) {
        let columns = item["columns"]
        let subitems = item["subitems"].array.filter { $0["state"].string == "active" }
        func bySize(_ value: (JSONValue) -> String?) -> [String: String] {
            Dictionary(subitems.map { ($0["columns"]["dropdown_mkrak7qp"].string ?? "", value($0) ?? "") }) { $1 }
        }
        self.init(
            id: item["id"].string ?? "",
            name: item["name"].string ?? "",
            group: group,
            columns: Dictionary(columns.keys.map { ($0, columns[$0].string ?? "") }) { $1 },
            subitems: bySize { $0["columns"]["numeric_mkra7j8e"].string },
            subitemIDs: bySize { $0["id"].string },
            subitemCount: subitems.count
        )
    }
}
