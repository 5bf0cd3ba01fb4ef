import FoundationEssentials
import Orders
import SystemPackage

/// Reads a secret from a file that only its reader may see.
enum SecretFile {
    enum Problem: Error, Hashable, CustomStringConvertible {
        case absent, unreadable, worldReadable, empty, malformed

        var description: String {
            switch self {
            case .absent: "there is no such file"
            case .unreadable: "the file can't be read by this user"
            case .worldReadable: "every user of this machine can read the file; chmod 600 it"
            case .empty: "the file is empty"
            case .malformed: "the file holds more than one line of text"
            }
        }
    }

    /// The file's only line, without its line break.
    static func read(_ path: String) throws(Problem) -> Secret {
        let status: Stat
        do {
            status = try FilePath(path).stat()
        } catch {
            throw error == .noSuchFileOrDirectory || error == .notDirectory ? .absent : .unreadable
        }
        guard status.type == .regular else { throw .unreadable }
        if status.permissions.contains(.otherRead) { throw .worldReadable }
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable }
        guard data.count <= 65_536, var text = String(data: data, encoding: .utf8) else { throw .malformed }
        while text.last?.isNewline == true { text.removeLast() }
        if text.isEmpty { throw .empty }
        guard !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else { throw .malformed }
        return Secret(text)
    }
}
