import Foundation
import Glibc

/// What the programs write to, and how wide it is.
package enum Terminal {
    /// Whether standard input is typed by a person.
    package static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 }
    /// Whether progress may be drawn: standard error is a terminal.
    package static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 && !Self.isDumb }
    /// The cells of a line of standard output; nil when it is no terminal, where nothing is cut.
    package static var outputWidth: Int? { Self.width(STDOUT_FILENO) }
    /// The cells of a line of standard error; nil when it is no terminal.
    package static var errorWidth: Int? { Self.width(STDERR_FILENO) }

    /// Writes lines to standard output.
    package static func say(_ lines: [String]) {
        for line in lines { print(line) }
    }

    /// Writes text to standard error as it is.
    package static func complain(_ text: String) {
        // There is nobody left to tell when standard error is closed.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    /// Asks for a yes on standard error; anything else, and the end of input, is a no.
    package static func confirms(_ question: String) -> Bool {
        Self.complain("\(question) [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }

    private static var isDumb: Bool { ProcessInfo.processInfo.environment["TERM"] == "dumb" }

    private static func width(_ descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        let result = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
        return result == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }
}
