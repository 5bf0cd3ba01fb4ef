internal import Glibc

/// The folder in which the service manager has put the unit's credentials (`LoadCredential=`).
package struct CredentialsDirectory: Hashable, Sendable {
    /// The largest credential there can be, in bytes: what systemd itself allows.
    package static let maximumSize = 1_048_576

    private let path: String

    /// The folder that `CREDENTIALS_DIRECTORY` names; nil when the process runs without one.
    package init?(environment: [String: String]) {
        guard let path = environment["CREDENTIALS_DIRECTORY"], path.hasPrefix("/") else { return nil }
        self.path = path
    }

    /// The file of a credential, whether it is there or not; nil when the name is none.
    ///
    /// A name is a plain file name of printable ASCII characters, as `systemd.exec(5)` has it: nothing that could lead
    /// out of the folder.
    package func file(of name: String) -> String? {
        let allowed = name.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":")
        }
        guard allowed, !name.isEmpty, name.utf8.count <= 255, name != ".", name != ".." else { return nil }
        return "\(self.path)/\(name)"
    }

    /// The bytes of a credential; nil when there is none of that name, or none that can be read.
    package func read(_ name: String) -> [UInt8]? {
        guard let file = self.file(of: name) else { return nil }
        let descriptor = unsafe file.withCString { unsafe open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0, bytes.count + count <= Self.maximumSize else { return nil }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
