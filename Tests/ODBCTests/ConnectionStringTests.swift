import ODBC
import Testing

@Suite struct ConnectionStringTests {
    @Test("a connection string is taken apart, braces and all")
    func parse() {
        let parsed = ConnectionString(
            "Driver={ODBC Driver 18 for SQL Server}; Server=tcp:db,1433;PWD={a;b}}c};uid=sa;;Encrypt=yes"
        )
        #expect(parsed["driver"] == "ODBC Driver 18 for SQL Server")
        #expect(parsed["SERVER"] == "tcp:db,1433")
        #expect(parsed["pwd"] == "a;b}c")
        #expect(parsed["UID"] == "sa")
        #expect(parsed["Encrypt"] == "yes")
        #expect(parsed["DSN"] == nil)
    }

    @Test("any value survives being quoted", arguments: ["", "a", "a;b", "}", "{}", "a}};PWD=x", "päß ="])
    func quoted(value: String) {
        #expect(ConnectionString("UID=a;PWD=\(ConnectionString.quoted(value));Encrypt=yes")["PWD"] == value)
    }

    @Test("a connection string that is no such thing has no keywords", arguments: ["", ";", "nonsense", ";;;"])
    func nonsense(text: String) {
        #expect(ConnectionString(text)["driver"] == nil)
    }

    @Test(
        "the server's port is told in the way of either driver",
        arguments: [
            ("Driver=FreeTDS;Server=db.example.com;Port=1434", 1434), ("Server=tcp:db.example.com,1435;Driver=x", 1435),
            ("Server={db.example.com, 1436}", 1436), ("DSN=orders", nil), ("Server=db\\ORDERS", nil),
            ("Server=db,70000", nil),
        ] as [(String, UInt16?)]
    )
    func port(text: String, port: UInt16?) {
        #expect(ConnectionString(text).port == port)
    }
}
