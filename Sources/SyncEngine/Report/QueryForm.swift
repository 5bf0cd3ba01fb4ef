package import Journal

/// The answer of `ordersyncd query --json`: rows as objects, by the names of their columns.
package struct QueryForm: Sendable, Encodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct Row: Encodable {
        let names: [String]
        let cells: [QueryAnswer.Cell]

        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: Name.self)
            for (name, cell) in zip(self.names, self.cells) {
                let key = Name(stringValue: name)
                switch cell {
                case .null: try row.encodeNil(forKey: key)
                case .integer(let number): try row.encode(number, forKey: key)
                case .real(let number) where number.isFinite: try row.encode(number, forKey: key)
                case .real(let number): try row.encode("\(number)", forKey: key)
                case .text(let text): try row.encode(text, forKey: key)
                }
            }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case rows, isCut
    }

    private let names: [String]
    private let answer: QueryAnswer

    package init(_ answer: QueryAnswer) {
        self.answer = answer
        var seen: [String: Int] = [:]
        // Two columns of one name are both told.
        self.names = answer.columns.map { name in
            seen[name, default: 0] += 1
            return seen[name] == 1 ? name : "\(name):\(seen[name] ?? 0)"
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var form = encoder.container(keyedBy: CodingKeys.self)
        try form.encode(self.answer.rows.map { Row(names: self.names, cells: $0) }, forKey: .rows)
        try form.encode(self.answer.isCut, forKey: .isCut)
    }
}

/// The same for people.
package enum QueryText {
    /// A table; NULL is empty, numbers stand to the right.
    package static func lines(_ answer: QueryAnswer, width: Int?) -> [String] {
        let columns = answer.columns.indices.map { index in
            let isNumeric = !answer.rows.isEmpty && answer.rows.allSatisfy { $0[index].isNumberOrNull }
            return TextTable.Column(
                DisplayText.safe(answer.columns[index]),
                isNumeric ? .right : .left,
                isFlexible: true
            )
        }
        var table = TextTable(columns)
        for row in answer.rows { table.add(row.map(\.words)) }
        return table.lines(width: width)
    }
}

extension QueryAnswer.Cell {
    fileprivate var isNumberOrNull: Bool {
        switch self {
        case .null, .integer, .real: true
        case .text: false
        }
    }

    fileprivate var words: String {
        switch self {
        case .null: ""
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): text
        }
    }
}
