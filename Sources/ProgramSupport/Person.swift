import Foundation

/// Who runs a program, for the journal's records.
package enum Person {
    /// The user's name; behind sudo, the name of the one who called it.
    package static var name: String {
        let environment = ProcessInfo.processInfo.environment
        let names = ["SUDO_USER", "USER", "LOGNAME"].compactMap { environment[$0] }
        return names.first { !$0.isEmpty } ?? NSUserName()
    }

    package static var host: String { ProcessInfo.processInfo.hostName }
}
