package import Orders

extension Configuration {
    /// Checks that what a program can't do without is there.
    ///
    /// - Parameter program: The program that is about to work.
    /// - Throws: Every missing key at once.
    package func require(_ program: ProgramRole) throws(ConfigurationError) {
        let missing = self.missing(for: program)
        guard missing.isEmpty else { throw ConfigurationError(mistakes: missing) }
    }

    func missing(for program: ProgramRole) -> [ConfigurationMistake] {
        let source =
            self.source.connection == nil
            ? Self.missing(Keys.sourceConnection, "or \(Predecessor.host) and its kin") : nil
        let warehouse =
            self.warehouse.connection == nil
            ? Self.missing(Keys.warehouseConnection, "or \(Keys.sourceConnection.name)") : nil
        let board = self.monday.board == nil ? Self.missing(Keys.board) : nil
        let token = self.monday.token == nil ? Self.missing(Keys.tokenFile, "or the credential monday-token") : nil
        switch program {
        case .daemon: return [warehouse, token, board].compactMap(\.self)
        case .enqueue: return [source, board].compactMap(\.self)
        case .enqueueRows: return [warehouse, board].compactMap(\.self)
        case .migrate: return [warehouse].compactMap(\.self)
        case .replay: return []
        }
    }

    /// The source's connection string.
    package var sourceConnection: Secret {
        get throws(ConfigurationError) { try Self.need(self.source.connection, Keys.sourceConnection) }
    }

    /// The warehouse's connection string.
    package var warehouseConnection: Secret {
        get throws(ConfigurationError) { try Self.need(self.warehouse.connection, Keys.warehouseConnection) }
    }

    /// The id of the board.
    package var board: Int64 {
        get throws(ConfigurationError) { try Self.need(self.monday.board, Keys.board) }
    }

    /// Monday's token.
    package var token: Secret {
        get throws(ConfigurationError) { try Self.need(self.monday.token, Keys.tokenFile) }
    }

    /// Monday's token as its file has it now; nil where it comes from the environment, and while the file holds none.
    package static func token(inFile path: String) -> Secret? { Credentials.token(inFile: path) }

    private static func need<Value, Other>(_ value: Value?, _ key: Key<Other>) throws(ConfigurationError) -> Value {
        guard let value else { throw ConfigurationError(mistakes: [Self.missing(key)]) }
        return value
    }

    private static func missing<Value>(_ key: Key<Value>, _ alternative: String? = nil) -> ConfigurationMistake {
        let also = alternative.map { ", \($0)" } ?? ""
        return ConfigurationMistake(
            key: key.name,
            origin: nil,
            problem: "missing; set it in the file or as \(key.variable)\(also)"
        )
    }
}
