import Foundation
import Orders
import TestSupport
import Testing

@testable import OrdersyncConfiguration

@Suite struct SecretTests {
    static let secret = "hunter2-S3CRET"

    let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let path = self.folder.file(name)
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func error(_ environment: [String: String]) -> ConfigurationError? {
        do {
            _ = try Configuration.load(file: nil, environment: environment)
            return nil
        } catch { return error }
    }

    @Test("the predecessor's variables make an encrypted connection, whatever stands in them")
    func predecessor() throws {
        let environment = [
            "DB_ORDERS_HOST": "sql.example.com", "DB_ORDERS_DATABASE": "ORDERS;Encrypt=no",
            "DB_ORDERS_USERNAME": "sync",
            "DB_ORDERS_PASSWORD": "a};Server={evil", "MONDAY_API_KEY": Self.secret,
        ]
        let configuration = try Configuration.load(file: nil, environment: environment, for: nil)
        let text = try configuration.sourceConnection.reveal()
        #expect(
            text == "Driver={ODBC Driver 18 for SQL Server};Server={tcp:sql.example.com,1433};Encrypt=yes;"
                + "Database={ORDERS;Encrypt=no};UID=sync;PWD={a}};Server={evil};"
        )
        let parsed = try #require(ConnectionString(text))
        #expect(parsed["PWD"] == "a};Server={evil")
        #expect(parsed["Server"] == "tcp:sql.example.com,1433")
        #expect(parsed["Encrypt"] == "yes")
        #expect(try configuration.token.reveal() == Self.secret)
        #expect(try configuration.warehouseConnection.reveal() == text)
    }

    @Test(
        "the encoded password is preferred, and taken as it is when it doesn't decode",
        arguments: [
            ("aHVudGVyMg==", "hunter2"), ("not/base64!", "not/base64!"),
        ]
    )
    func encoded(value: String, password: String) throws {
        let environment = [
            "DB_ORDERS_HOST": "h", "DB_ORDERS_DATABASE": "d", "DB_ORDERS_USERNAME": "u",
            "SECRET_ORDERS_PWD": value, "DB_ORDERS_PASSWORD": "other",
        ]
        let text = try Configuration.load(file: nil, environment: environment).sourceConnection.reveal()
        #expect(ConnectionString(text)?["PWD"] == password)
    }

    @Test("a host without its companions is an error for each that is missing")
    func companions() {
        let found = self.error(["DB_ORDERS_HOST": "h,1;x", "DB_ORDERS_PORT": "70000"])?.mistakes.map(\.key)
        #expect(found == ["DB_ORDERS_HOST", "DB_ORDERS_PORT", "DB_ORDERS_DATABASE", "DB_ORDERS_USERNAME"])
    }

    @Test("a configured connection wins over the predecessor's variables")
    func configuredWins() throws {
        let environment = ["DB_ORDERS_HOST": "h", "ORDERSYNC_SOURCE_CONNECTION": "DSN=orders;PWD=x"]
        #expect(
            try Configuration.load(file: nil, environment: environment).sourceConnection.reveal() == "DSN=orders;PWD=x"
        )
    }

    @Test("a connection without a password gets the one from the credentials folder")
    func credential() throws {
        _ = try self.write("p;w\n", to: "db-password", mode: 0o400)
        _ = try self.write(Self.secret + "\n", to: "monday-token", mode: 0o400)
        let environment = [
            "CREDENTIALS_DIRECTORY": self.folder.path, "ORDERSYNC_SOURCE_CONNECTION": "DSN=orders;UID=sync",
            "ORDERSYNC_WAREHOUSE_CONNECTION": "Driver=SQLite3;Database=/tmp/a b.db", "MONDAY_API_KEY": "other",
        ]
        let configuration = try Configuration.load(file: nil, environment: environment)
        #expect(try configuration.sourceConnection.reveal() == "DSN=orders;UID=sync;PWD={p;w};")
        #expect(try configuration.warehouseConnection.reveal() == "Driver=SQLite3;Database=/tmp/a b.db")
        #expect(try configuration.token.reveal() == Self.secret)
        #expect(configuration.summary.contains("# credential \(self.folder.path)/monday-token"))
        #expect(!configuration.summary.contains(Self.secret))
    }

    @Test("a command run by hand takes what nothing else tells from where systemd keeps the credentials")
    func store() throws {
        _ = try self.write("stored\n", to: "ordersync.db-password", mode: 0o600)
        _ = try self.write(Self.secret + "\n", to: "ordersync.monday-token", mode: 0o600)
        let connection = ["ORDERSYNC_SOURCE_CONNECTION": "DSN=orders;UID=sync"]
        let stored = try self.load(connection)
        #expect(try stored.sourceConnection.reveal() == "DSN=orders;UID=sync;PWD=stored;")
        #expect(try stored.token.reveal() == Self.secret)
        #expect(stored.monday.tokenFile == self.folder.file("ordersync.monday-token"))
        // What somebody says for this run counts more.
        let said = try self.load(connection.merging(["MONDAY_API_KEY": "said", "DB_ORDERS_PASSWORD": "pw"]) { $1 })
        #expect(try said.sourceConnection.reveal() == "DSN=orders;UID=sync;PWD=pw;")
        #expect(try said.token.reveal() == "said")
        // A unit has what it was handed, and nothing else.
        let unit = try self.load(connection.merging(["CREDENTIALS_DIRECTORY": "/nowhere"]) { $1 })
        #expect(try unit.sourceConnection.reveal() == "DSN=orders;UID=sync")
        #expect(unit.monday.tokenFile == nil)
    }

    private func load(_ environment: [String: String]) throws -> Configuration {
        try Configuration.load(file: nil, environment: environment, credentialStore: self.folder.path)
    }

    @Test("a named password file is used, and refused beside a password in the string")
    func passwordFile() throws {
        let path = try self.write("pw", to: "password")
        let environment = ["ORDERSYNC_SOURCE_PASSWORD_FILE": path, "ORDERSYNC_SOURCE_CONNECTION": "DSN=o"]
        #expect(
            try Configuration.load(file: nil, environment: environment).sourceConnection.reveal() == "DSN=o;PWD=pw;"
        )
        let twice = environment.merging(["ORDERSYNC_SOURCE_CONNECTION": "DSN=o;pwd=x"]) { $1 }
        #expect(self.error(twice)?.mistakes.map(\.key) == ["source.password_file"])
    }

    @Test(
        "a secret file that others can read, or that holds no secret, is refused",
        arguments: [
            ("token", 0o644, "chmod 600"), ("\n", 0o600, "empty"), ("a\nb", 0o600, "more than one line"),
            ("two words", 0o600, "holds a space"),
        ]
    )
    func badFiles(content: String, mode: Int, words: String) throws {
        let path = try self.write(content, to: "token", mode: mode)
        let error = try #require(self.error(["ORDERSYNC_MONDAY_TOKEN_FILE": path]))
        #expect(error.mistakes.count == 1)
        #expect(error.description.contains(words))
    }

    @Test("a secret put in the wrong place is not repeated", arguments: Keys.names.map(KeyName.variable))
    func neverQuoted(variable: String) {
        let token = "eyJhbGciOiJIUzI1NiJ9." + Self.secret
        for value in [token, "PWD=\(Self.secret)", "https://user:\(Self.secret)@example.com"] {
            guard let error = self.error([variable: value]) else { continue }
            #expect(!error.description.contains(Self.secret))
        }
    }

    @Test("what is unencrypted or unchecked is warned of")
    func warnings() throws {
        let connection = "DSN=o;PWD=\(Self.secret);Encrypt=No;TrustServerCertificate=yes"
        let configuration = try Configuration.load(file: nil, environment: ["ORDERSYNC_SOURCE_CONNECTION": connection])
        #expect(configuration.warnings.count == 2)
        #expect(!configuration.warnings.joined().contains(Self.secret))
        #expect(!configuration.summary.contains(Self.secret))
        #expect(!"\(configuration)".contains(Self.secret))
    }

    @Test(
        "the API's address is encrypted, unless it is on this machine",
        arguments: [
            ("https://api.monday.com/v2", true), ("http://127.0.0.1:8080/v2", true), ("http://localhost/v2", true),
            ("http://[::1]:8080/v2", true), ("http://api.monday.com/v2", false), ("http://127.0.0.1.evil.com/", false),
            ("https://user@api.monday.com/", false), ("ftp://api.monday.com", false), ("https://", false),
            ("https://a b/", false), ("https://api.monday.com/v2?x=1", false),
        ]
    )
    func endpoint(address: String, isAllowed: Bool) {
        #expect((self.error(["ORDERSYNC_MONDAY_ENDPOINT": address]) == nil) == isAllowed)
    }
}
