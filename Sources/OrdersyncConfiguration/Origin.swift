/// Where a configured value came from, in the words an operator needs to go there and change it.
package enum Origin: Hashable, Sendable, CustomStringConvertible {
    case file(path: String, line: Int)
    case environment(String)
    case credential(path: String)
    /// Nothing was configured: the default serves.
    case fallback

    package var description: String {
        switch self {
        case .file(let path, let line): line > 0 ? "\(path):\(line)" : path
        case .environment(let name): "environment \(name)"
        case .credential(let path): "credential \(path)"
        case .fallback: "default"
        }
    }
}
