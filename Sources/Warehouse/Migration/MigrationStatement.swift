/// One statement of a migration, or one batch of T-SQL, and what it makes.
struct MigrationStatement {
    /// A column as a CREATE TABLE or ALTER TABLE has it: `definition` is all behind the name.
    struct Column: Hashable {
        let name: String
        let definition: String
    }

    /// An index as a CREATE INDEX has it.
    struct Index: Hashable {
        let name: String
        let table: String
        let columns: [String]
        let isUnique: Bool
    }

    enum Change: Hashable {
        case table(String, [Column])
        case column(table: String, Column)
        case index(Index)
        case view(String)
        case procedure(String)
        case other
    }

    let sql: String
    let change: Change

    init(_ sql: String) {
        self.sql = sql
        self.change = Self.change(sql)
    }

    /// Splits a script: T-SQL at lines that say GO, SQLite's at semicolons outside of strings, comments and trigger bodies.
    static func split(_ script: String, _ dialect: Dialect) -> [MigrationStatement] {
        let parts =
            switch dialect {
            case .sqlServer: self.batches(script)
            case .sqlite: self.statements(script)
            }
        return parts.map { SQLText.withoutComments($0) }.filter { !$0.isEmpty }.map { MigrationStatement($0) }
    }

    private static func batches(_ script: String) -> [String] {
        var batches: [String] = []
        var batch: [Substring] = []
        for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.uppercased().filter({ !$0.isWhitespace }) == "GO" {
                batches.append(batch.joined(separator: "\n"))
                batch = []
            } else {
                batch.append(line)
            }
        }
        batches.append(batch.joined(separator: "\n"))
        return batches.map { Self.trimmed($0) }
    }

    /// As `sqlite3_complete` has it: a trigger ends at `; END ;`, everything else at `;`.
    private static func statements(_ script: String) -> [String] {
        var statements: [String] = []
        var start = script.startIndex
        var seen: [SQLText.Token] = []
        for (token, range) in SQLText.tokens(script) {
            if token == .symbol(";") {
                let isTrigger = seen.first == .word("CREATE") && seen.prefix(3).contains(.word("TRIGGER"))
                if !isTrigger || (seen.last == .word("END") && seen.dropLast().last == .symbol(";")) {
                    statements.append(Self.trimmed(String(script[start..<range.upperBound])))
                    start = range.upperBound
                    seen = []
                    continue
                }
            }
            seen.append(token)
        }
        if !seen.isEmpty { statements.append(Self.trimmed(String(script[start...]))) }
        return statements
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.firstIndex { !$0.isWhitespace } ?? text.endIndex
        let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? start
        return String(text[start..<end])
    }
}

extension MigrationStatement {
    /// What a statement makes.
    ///
    /// In T-SQL that stands behind a guard, and for views and procedures in the text of an EXEC.
    private static func change(_ sql: String) -> Change {
        let tokens = SQLText.tokens(sql)
        for index in tokens.indices {
            switch tokens[index].token {
            case .word("CREATE"):
                if let change = self.creation(sql, tokens, index) { return change }
            case .word("ALTER"):
                if let change = self.addition(sql, tokens, index) { return change }
            case .string(let text) where text.hasPrefix("CREATE "):
                let change = self.change(text)
                if change != .other { return change }
            default: break
            }
        }
        return .other
    }

    private typealias Tokens = [(token: SQLText.Token, range: Range<String.Index>)]

    private static func creation(_ sql: String, _ tokens: Tokens, _ start: Int) -> Change? {
        var index = start + 1
        func isWord(_ word: String) -> Bool { index < tokens.count && tokens[index].token == .word(word) }
        let isUnique = isWord("UNIQUE")
        if isUnique { index += 1 }
        guard index < tokens.count, case .word(let kind) = tokens[index].token else { return nil }
        index += 1
        if isWord("IF") { index += 3 }  // IF NOT EXISTS
        guard let name = self.name(tokens, &index) else { return nil }
        switch kind {
        case "TABLE": return .table(name, self.columns(sql, tokens, index))
        case "INDEX":
            guard isWord("ON") else { return nil }
            index += 1
            guard let table = self.name(tokens, &index) else { return nil }
            let columns = self.columns(sql, tokens, index).map(\.name)
            return .index(Index(name: name, table: table, columns: columns, isUnique: isUnique))
        case "VIEW": return .view(name)
        case "PROCEDURE": return .procedure(name)
        default: return nil
        }
    }

    /// `ALTER TABLE name ADD [COLUMN] name definition`.
    private static func addition(_ sql: String, _ tokens: Tokens, _ start: Int) -> Change? {
        var index = start + 2
        guard index < tokens.count, tokens[start + 1].token == .word("TABLE"), let table = self.name(tokens, &index),
            index < tokens.count, tokens[index].token == .word("ADD")
        else { return nil }
        index += 1
        if index < tokens.count, tokens[index].token == .word("COLUMN") { index += 1 }
        guard index < tokens.count, case .name(let column) = tokens[index].token else { return nil }
        let end = tokens[index...].first { $0.token == .symbol(";") }?.range.lowerBound ?? sql.endIndex
        let definition = self.trimmed(String(sql[tokens[index].range.upperBound..<end]))
        return .column(table: table, Column(name: column, definition: definition))
    }

    /// A name, the last part of a dotted one.
    private static func name(_ tokens: Tokens, _ index: inout Int) -> String? {
        guard index < tokens.count, case .name(var name) = tokens[index].token else { return nil }
        index += 1
        while index + 1 < tokens.count, tokens[index].token == .symbol("."),
            case .name(let next) = tokens[index + 1].token
        {
            name = next
            index += 2
        }
        return name
    }

    /// The columns between the parentheses of a CREATE TABLE or CREATE INDEX: what begins with a quoted name, up to the next comma at that depth.
    private static func columns(_ sql: String, _ tokens: Tokens, _ start: Int) -> [Column] {
        guard start < tokens.count, tokens[start].token == .symbol("(") else { return [] }
        var columns: [Column] = []
        var depth = 1
        var first = start + 1
        for index in (start + 1)..<tokens.count {
            switch tokens[index].token {
            case .symbol("("): depth += 1
            case .symbol(")"): depth -= 1
            default: break
            }
            let isEnd = depth == 0
            guard isEnd || (depth == 1 && tokens[index].token == .symbol(",")) else { continue }
            if first < index, case .name(let name) = tokens[first].token {
                let definition = sql[tokens[first].range.upperBound..<tokens[index].range.lowerBound]
                columns.append(Column(name: name, definition: self.trimmed(String(definition))))
            }
            if isEnd { break }
            first = index + 1
        }
        return columns
    }
}
