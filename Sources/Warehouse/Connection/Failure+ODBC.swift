internal import ODBC
package import Orders

extension Failure {
    /// What a failed call to the warehouse means for the work it was for.
    ///
    /// SQL Server's and SQLite's own numbers decide first, then the SQLSTATE; what is unknown counts as transient, so that it costs
    /// an attempt and ends in the open rather than stopping everything.
    init(_ error: ODBCError, _ dialect: Dialect) {
        let kind = error.records.lazy.compactMap { Self.kind(of: $0, dialect) }.first
        self.init(
            kind?.class ?? .transient,
            code: kind?.code ?? "warehouse_\(error.state)",
            message: Self.words(error)
        )
    }

    /// What a connection that could not be made means: everything waits until it can.
    init(connecting error: ODBCError) {
        let isLogin = error.records.contains { $0.state == "28000" || $0.native == 18456 || $0.native == 4060 }
        let advice = isLogin ? nil : Self.advice(on: error)
        self.init(
            .systemic,
            code: isLogin ? "warehouse_login" : advice == nil ? "warehouse_unreachable" : "warehouse_certificate",
            message: [Self.words(error), advice].compactMap(\.self).joined(separator: " ")
        )
    }

    /// What to do where the server's certificate is, or may be, what stands in the way.
    private static func advice(on error: ODBCError) -> String? {
        // Microsoft's driver hands on what OpenSSL says.
        let words = ["certificate", "host name", "hostname"]
        let isMistrust = error.records.contains { record in
            record.message.contains("SSL Provider") && words.contains { record.message.contains($0) }
        }
        if isMistrust {
            return "The server's certificate is not trusted: add the CA that signed it to this machine's "
                + "(update-ca-certificates), name the server as its certificate does, or, where nobody can be in between, "
                + "add TrustServerCertificate=yes to the connection string."
        }
        // FreeTDS has one number for all that fails between the connection and the login, and no words.
        if error.records.contains(where: { $0.native == 20002 }) {
            return "The server was reached, and the login not: FreeTDS does not say why. It may be that the server "
                + "does not encrypt, or that its certificate is not signed by the “ca file” of freetds.conf or bears "
                + "another name."
        }
        return nil
    }

    /// Whether the warehouse gave it, and neither Monday.com nor the service itself.
    package var isOfWarehouse: Bool {
        self.code.hasPrefix("warehouse_")
            || [
                "duplicate", "constraint", "null_refused", "truncation", "conversion", "deadlock", "lock_timeout",
                "snapshot_conflict", "cancelled",
            ].contains(self.code)
    }

    /// Whether one row can be at fault, so that it is worth looking for.
    package var mayBeOneRow: Bool {
        self.class == .permanent || (self.class == .transient && self.code.hasPrefix("warehouse_"))
    }

    /// Whether a table or a column is not there: the warehouse was not migrated.
    package var isMissingTable: Bool { self.code == "warehouse_schema" }

    /// Whether the server is not there, or not the one that serves.
    var isUnreachable: Bool { self.code == "warehouse_unreachable" }

    private static func words(_ error: ODBCError) -> String {
        error.records.map { "[\($0.state)/\($0.native)] \($0.message)" }.joined(separator: " ")
    }

    private typealias Kind = (class: FailureClass, code: String)

    private static func kind(of record: DiagnosticRecord, _ dialect: Dialect) -> Kind? {
        let byNumber: Kind? =
            switch dialect {
            case .sqlServer: self.sqlServerKind(record.native, record.state)
            case .sqlite: record.state == "HY000" ? self.sqliteKind(record.native) : nil
            }
        return byNumber ?? self.kind(state: record.state)
    }

    /// SQL Server's error numbers; the Azure ones from Microsoft's list of transient errors.
    private static func sqlServerKind(_ native: Int32, _ state: String) -> Kind? {
        switch native {
        case 1205: (.transient, "deadlock")
        case 1222: (.transient, "lock_timeout")
        case 3960, 3961: (.transient, "snapshot_conflict")
        case 2601, 2627: (.permanent, "duplicate")
        case 547: (.permanent, "constraint")
        case 515: (.permanent, "null_refused")
        // Also a row, or a key of an index that somebody else made, that is wider than a page takes.
        case 2628, 8152, 511, 1946: (.permanent, "truncation")
        case 220, 232, 235, 241, 242, 245, 8114, 8115, 8169: (.permanent, "conversion")
        case 40501, 40613, 49918, 49919, 49920, 10928, 10929, 40197: (.throttled, "warehouse_throttled")
        case 4060, 18456, 18486, 18487, 18488, 40615: (.systemic, "warehouse_login")
        case _ where ODBCError.freeTDSLinkErrors.contains(native): (.systemic, "warehouse_unreachable")
        case 20003: (.systemic, "warehouse_timeout")  // FreeTDS
        case 1105, 9002, 40544: (.systemic, "warehouse_full")
        case 229, 230, 262, 300: (.systemic, "warehouse_permission")
        case 207, 208, 2812: (.systemic, "warehouse_schema")
        // A replica that has lost its part, or is only read: a new connection finds the one that has it.
        case 976, 978, 979, 982, 983, 3906: (.systemic, "warehouse_unreachable")
        // What somebody's trigger says of a row, or that it ended the transaction: also without a word, when it caught its own error.
        case 3609, 3616, 3930, 3998, 50_000..<1_000_000: (.transient, "warehouse_trigger")
        // All else is said under 42000 as well: out of memory or of locks, a limit of the server.
        case 1..<50_000 where state == "42000": (.systemic, "warehouse_\(native)")
        default: nil
        }
    }

    /// SQLite's primary result codes, which its driver gives as native numbers under HY000.
    private static func sqliteKind(_ native: Int32) -> Kind? {
        switch native & 0xFF {
        case 1: (.systemic, "warehouse_schema")
        case 3, 23: (.systemic, "warehouse_permission")
        case 5, 6: (.throttled, "warehouse_busy")
        case 7, 10: (.systemic, "warehouse_io")
        case 8: (.systemic, "warehouse_readonly")
        case 9: (.transient, "cancelled")
        case 11, 26: (.systemic, "warehouse_damaged")
        case 13: (.systemic, "warehouse_full")
        case 14: (.systemic, "warehouse_unreachable")
        case 18: (.permanent, "truncation")
        case 19: (.permanent, "constraint")
        case 20: (.permanent, "conversion")
        default: nil
        }
    }

    /// SQLSTATEs of the standard.
    private static func kind(state: String) -> Kind? {
        switch state {
        case "40001": (.transient, "deadlock")
        case "HY008": (.transient, "cancelled")
        case "HYT00": (.systemic, "warehouse_timeout")
        case "HYT01": (.systemic, "warehouse_unreachable")
        case "22001": (.permanent, "truncation")
        case "28000": (.systemic, "warehouse_login")
        case "42000", "42S02", "42S22", "42601": (.systemic, "warehouse_schema")
        case "42501": (.systemic, "warehouse_permission")
        case "IM002", "IM003", "IM004", "IM005": (.systemic, "warehouse_driver")
        default:
            if state.hasPrefix("08") {
                (.systemic, "warehouse_unreachable")
            } else if state.hasPrefix("22") {
                (.permanent, "conversion")
            } else if state.hasPrefix("23") {
                (.permanent, "constraint")
            } else {
                nil
            }
        }
    }
}
