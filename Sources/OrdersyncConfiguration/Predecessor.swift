import FoundationEssentials
import Orders

/// The variables of the system before this one, understood so that its deployments go on working.
enum Predecessor {
    static let host = "DB_ORDERS_HOST"
    static let port = "DB_ORDERS_PORT"
    static let database = "DB_ORDERS_DATABASE"
    static let user = "DB_ORDERS_USERNAME"
    static let password = "DB_ORDERS_PASSWORD"
    static let encodedPassword = "SECRET_ORDERS_PWD"
    static let token = "MONDAY_API_KEY"

    /// Builds the source's connection string; nil when no host is given, or a part is wrong or missing.
    static func connection(_ reading: inout Reading) -> ConnectionString? {
        let environment = reading.environment
        guard let host = environment[Self.host] else { return nil }
        let before = reading.mistakes.count
        if !host.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) || host.contains(",") {
            reading.note(Self.host, .environment(Self.host), "the value is not a host name")
        }
        let port = environment[Self.port] ?? "1433"
        if !(Int(port).map { (1...65_535).contains($0) } ?? false) {
            reading.note(Self.port, .environment(Self.port), "the value is not allowed", allowed: "1 to 65535")
        }
        var attributes = [
            ("Driver", "ODBC Driver 18 for SQL Server"), ("Server", "tcp:\(host),\(port)"), ("Encrypt", "yes"),
        ]
        for (keyword, variable) in [("Database", Self.database), ("UID", Self.user)] {
            guard let value = environment[variable] else {
                reading.note(variable, nil, "missing, although \(Self.host) is set")
                continue
            }
            if value.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
                reading.note(variable, .environment(variable), "the value holds a control character")
            }
            attributes.append((keyword, value))
        }
        return reading.mistakes.count == before ? ConnectionString(attributes: attributes) : nil
    }

    /// The password: Base64 in one variable, plain in the other.
    static func password(_ environment: [String: String]) -> (Secret, Origin)? {
        if let encoded = environment[Self.encodedPassword] {
            // What doesn't decode is taken as it is, as the predecessor took it.
            let decoded = Data(base64Encoded: encoded).flatMap { String(data: $0, encoding: .utf8) }
            return (Secret(decoded ?? encoded), .environment(Self.encodedPassword))
        }
        return environment[Self.password].map { (Secret($0), .environment(Self.password)) }
    }
}
