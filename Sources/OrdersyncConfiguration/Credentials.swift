import Orders

/// Finds the secrets: in named files, in systemd's credentials, in the environment, and last where systemd keeps the credentials.
enum Credentials {
    /// Monday's token: `monday.token_file`, the credential `monday-token`, `MONDAY_API_KEY`, or the stored credential.
    ///
    /// - Returns: The token, and the file that it stands in.
    static func token(_ reading: inout Reading) -> (token: Secret, file: String?)? {
        let named = reading.path(Keys.tokenFile)
        let found: (Secret, Origin)?
        var file = named?.value
        if let named {
            found = Self.read(named.value, key: Keys.tokenFile.name, named.origin, &reading)
        } else if let credential = Self.credential("monday-token", &reading) {
            found = credential
            if case .credential(let path) = credential.1 { file = path }
        } else if reading.environment[Predecessor.token] != nil {
            found = reading.environment[Predecessor.token].map { (Secret($0), .environment(Predecessor.token)) }
        } else if let stored = Self.stored("monday-token", &reading) {
            found = stored
            if case .credential(let path) = stored.1 { file = path }
        } else {
            found = nil
        }
        guard let (token, origin) = found else { return nil }
        guard Self.isToken(token) else {
            reading.note("monday token", origin, "holds a space, a line break or a character outside ASCII")
            return nil
        }
        reading.record(Setting(key: "monday token", text: "<redacted>", origin: origin))
        return (token, file)
    }

    /// The token as its file has it now; nil when there is no file, or nothing in it that can be a token.
    static func token(inFile path: String) -> Secret? {
        guard let token = try? SecretFile.read(path), Self.isToken(token) else { return nil }
        return token
    }

    /// Whether it can be sent: it becomes a header's value, which a line break or a space would end.
    private static func isToken(_ secret: Secret) -> Bool {
        secret.reveal().utf8.allSatisfy { $0 > 32 && $0 < 127 }
    }

    /// The source's connection: `source.connection`, or the predecessor's variables; with its password.
    static func sourceConnection(_ reading: inout Reading) -> ConnectionString? {
        var connection = reading.find(Keys.sourceConnection)?.value
        let isWrong = reading.mistakes.contains { $0.key == Keys.sourceConnection.name }
        if connection == nil, !isWrong, let built = Predecessor.connection(&reading) {
            connection = built
            let origin = Origin.environment(Predecessor.host)
            reading.record(Setting(key: Keys.sourceConnection.name, text: "<redacted>", origin: origin))
        }
        let named = reading.path(Keys.sourcePasswordFile)
        guard var complete = connection else { return nil }
        Self.addPassword(to: &complete, Keys.sourceConnection.name, file: named, Keys.sourcePasswordFile, &reading)
        return complete
    }

    /// The warehouse's own connection; nil when it is the source's.
    static func warehouseConnection(_ reading: inout Reading) -> ConnectionString? {
        let connection = reading.find(Keys.warehouseConnection, unset: "as \(Keys.sourceConnection.name)")?.value
        let named = reading.path(Keys.warehousePasswordFile)
        guard var complete = connection else { return nil }
        Self.addPassword(
            to: &complete,
            Keys.warehouseConnection.name,
            file: named,
            Keys.warehousePasswordFile,
            &reading
        )
        return complete
    }

    private static func addPassword(
        to connection: inout ConnectionString,
        _ name: String,
        file: Reading.Found<String>?,
        _ fileKey: Key<String>,
        _ reading: inout Reading
    ) {
        Self.warnOfWeakness(connection, name, &reading)
        if let file {
            if connection.hasPassword {
                reading.note(fileKey.name, file.origin, "\(name) holds a password already; take it out there")
            } else if let (password, _) = Self.read(file.value, key: fileKey.name, file.origin, &reading) {
                connection.append("PWD", password.reveal())
            }
        } else if connection.lacksPassword {
            let found =
                Self.credential("db-password", &reading) ?? Predecessor.password(reading.environment)
                ?? Self.stored("db-password", &reading)
            guard let (password, origin) = found else { return }
            connection.append("PWD", password.reveal())
            reading.record(Setting(key: "\(name) password", text: "<redacted>", origin: origin))
        }
    }

    private static func warnOfWeakness(_ connection: ConnectionString, _ name: String, _ reading: inout Reading) {
        if ["no", "optional", "false", "0"].contains(connection["Encrypt"]?.lowercased() ?? "") {
            reading.warn("\(name) says Encrypt=no: orders and password cross the network in clear text")
        } else if ["off", "request"].contains(connection["Encryption"]?.lowercased() ?? "") {
            reading.warn("\(name) lets the server go without encryption: orders may cross the network in clear text")
        }
        if ["yes", "true", "1"].contains(connection["TrustServerCertificate"]?.lowercased() ?? "") {
            reading.warn("\(name) says TrustServerCertificate=yes: anyone on the network can pose as the server")
        }
    }

    /// A credential that the service manager has put in place; nil when it has not.
    private static func credential(_ name: String, _ reading: inout Reading) -> (Secret, Origin)? {
        guard let folder = reading.environment["CREDENTIALS_DIRECTORY"] else { return nil }
        let path = "\(folder)/\(name)"
        do throws(SecretFile.Problem) {
            return (try SecretFile.read(path), .credential(path: path))
        } catch {
            if error != .absent { reading.note("credential \(name)", .credential(path: path), "\(error)") }
            return nil
        }
    }

    /// A credential in systemd's store, for a command that root runs by hand; nil when there is none or it is not for this user.
    private static func stored(_ name: String, _ reading: inout Reading) -> (Secret, Origin)? {
        guard reading.environment["CREDENTIALS_DIRECTORY"] == nil else { return nil }
        let path = "\(reading.credentialStore)/ordersync.\(name)"
        do throws(SecretFile.Problem) {
            return (try SecretFile.read(path), .credential(path: path))
        } catch {
            if error != .absent, error != .unreadable {
                reading.note("credential \(name)", .credential(path: path), "\(error)")
            }
            return nil
        }
    }

    private static func read(
        _ path: String,
        key: String,
        _ origin: Origin,
        _ reading: inout Reading
    ) -> (Secret, Origin)? {
        do throws(SecretFile.Problem) {
            return (try SecretFile.read(path), origin)
        } catch {
            // The path is not repeated: it may be the secret itself, put in the wrong place.
            reading.note(key, origin, "\(error)")
            return nil
        }
    }
}
