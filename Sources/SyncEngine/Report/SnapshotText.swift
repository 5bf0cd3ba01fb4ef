import FoundationEssentials

/// The order of a job for people, from its snapshot.
///
/// Read without a field map: a person looks at what was queued, whatever the map says by now.
struct SnapshotText: Decodable {
    private enum CodingKeys: String, CodingKey {
        case group, title, fields, sizes
    }

    private struct Size: Decodable {
        let words: String

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            self.words = "\(try pair.decode(String.self)): \(try pair.decode(Int64.self))"
        }
    }

    private let group: String
    private let title: String
    private let fields: [String: String]
    private let sizes: [Size]

    /// Nil for anything but a snapshot.
    init?(_ snapshot: [UInt8]) {
        guard let text = try? JSONDecoder().decode(Self.self, from: Data(snapshot)) else { return nil }
        self = text
    }

    /// Group, title, the fields that have a value, and the sizes.
    func table() -> TextTable {
        var table = TextTable([.init("FIELD"), .init("VALUE", isFlexible: true)])
        table.add(["(group)", self.group])
        table.add(["(item name)", self.title])
        for (name, value) in self.fields.sorted(by: { $0.key < $1.key }) { table.add([name, value]) }
        if !self.sizes.isEmpty { table.add(["(sizes)", self.sizes.map(\.words).joined(separator: ", ")]) }
        return table
    }
}
