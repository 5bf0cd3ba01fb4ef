internal import SQLite

/// The answer to a person's query.
package struct QueryAnswer: Hashable, Sendable {
    /// A cell; bytes that are text, as a snapshot is, come as text, others in hexadecimal.
    package enum Cell: Hashable, Sendable {
        case null
        case integer(Int64)
        case real(Double)
        case text(String)
    }

    package let columns: [String]
    package let rows: [[Cell]]
    /// Whether there are more rows than were asked for.
    package let isCut: Bool
}

extension Journal {
    private static let beginnings: Set<String> = ["SELECT", "WITH", "VALUES", "EXPLAIN"]

    /// Answers one SELECT of a person's; nothing can be changed by it, and no checkpoint comes of it.
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - limit: The most rows.
    ///   - longest: How long it may take: a reader that stays keeps the log from being emptied.
    /// - Returns: The rows, and whether there are more.
    /// - Throws: ``JournalError/Code/query`` for a statement that is none, is no SELECT, or takes too long.
    package func query(_ sql: String, limit: Int, longest: Duration) throws(JournalError) -> QueryAnswer {
        let database = try self.opened()
        guard Self.beginnings.contains(Self.firstWord(of: sql)) else {
            throw JournalError(.query, "only a SELECT may be asked (or WITH, VALUES, EXPLAIN)")
        }
        let handle = database.interruptHandle
        let timer = Task.detached {
            try await Task.sleep(for: longest)
            handle.interrupt()
        }
        defer { timer.cancel() }
        do {
            return try database.deferred {
                let statement = try database.statement(sql)
                guard statement.isReadOnly else {
                    throw JournalError(.query, "the statement would change the journal: only a SELECT may be asked")
                }
                defer { statement.reset() }
                return try Self.answer(of: statement, limit: limit)
            }
        } catch let error as SQLiteError where error.isInterrupted {
            throw JournalError(
                .query,
                "the query took longer than \(longest.components.seconds) s and was ended; narrow it, or see --timeout",
                underlying: error
            )
        } catch let error as SQLiteError where error.isMistake {
            throw JournalError(.query, "SQLite does not understand the query: \(error.message)", underlying: error)
        } catch {
            throw self.explained(error)
        }
    }

    private static func answer(of statement: Statement, limit: Int) throws(SQLiteError) -> QueryAnswer {
        let first = statement.row
        let columns = (0..<first.count).map { first.name($0) }
        var rows: [[QueryAnswer.Cell]] = []
        while try statement.step() {
            guard rows.count < limit else { return QueryAnswer(columns: columns, rows: rows, isCut: true) }
            let row = statement.row
            rows.append(columns.indices.map { QueryAnswer.Cell(row.value($0)) })
        }
        return QueryAnswer(columns: columns, rows: rows, isCut: false)
    }

    /// The first word behind white space and comments, in upper case.
    private static func firstWord(of sql: String) -> String {
        var rest = Substring(sql)
        while let character = rest.first {
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                guard let end = rest.firstRange(of: "*/") else { return "" }
                rest = rest[end.upperBound...]
            } else if character.isWhitespace {
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        return rest.prefix { $0.isLetter }.uppercased()
    }
}

extension QueryAnswer.Cell {
    init(_ value: SQLiteValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .text(let text): self = .text(text)
        case .blob(let bytes):
            if let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(where: { $0 < 0x09 }) {
                self = .text(text)
            } else {
                let digits = Array("0123456789abcdef")
                self = .text(String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }))
            }
        }
    }
}
