import Orders
import Testing

@testable import OrdersyncConfiguration

@Suite struct ConnectionStringTests {
    @Test(
        "a value comes back as it went in",
        arguments: [
            "plain", "", "a;b", "a}b", "}}", "{", "{x}", " lead", "trail ", "a=b", "ü€", "'\"", "}", "a};UID={sa",
        ]
    )
    func roundTrip(value: String) {
        let built = ConnectionString(attributes: [("Driver", "A B"), ("PWD", value), ("Encrypt", "yes")])
        let parsed = ConnectionString(built.text.reveal())
        #expect(parsed?["PWD"] == value)
        #expect(parsed?.attributes.count == 3)
        #expect(parsed?["encrypt"] == "yes")
    }

    @Test(
        "what is not a connection string is refused",
        arguments: [
            "", "orders", "Server=x", "Driver={open", "Driver={a}b;Server=x", "DSN=a;=b", "DSN=a\nb", "DSN=a;b",
        ]
    )
    func malformed(text: String) {
        #expect(ConnectionString(text) == nil)
    }

    @Test("a given string stays as it is when something is added")
    func appending() {
        var connection = ConnectionString("DSN=a; UID = b ")
        connection?.append("PWD", "x y")
        #expect(connection?.text.reveal() == "DSN=a; UID = b ;PWD={x y};")
        #expect(connection?["UID"] == "b")
    }

    @Test(
        "the embedded database, a trusted connection and a password in place need no other",
        arguments: [
            ("Driver=SQLite3;Database=/x", false), ("Driver=x;Trusted_Connection=Yes", false), ("DSN=a;pwd=b", false),
            ("DSN=a;Password=b", false), ("DSN=a", true), ("Driver=x;UID=y", true),
        ]
    )
    func lacksPassword(text: String, lacks: Bool) {
        #expect(ConnectionString(text)?.lacksPassword == lacks)
    }
}
