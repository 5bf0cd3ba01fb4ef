package import ArgumentParser
import SyncEngine

/// How a program ends when something goes wrong.
package enum Reporting {
    /// Runs a program's work; an error is told on standard error in plain words and becomes the exit status.
    ///
    /// - Parameters:
    ///   - program: The program's name, which stands before the error.
    ///   - body: The work.
    /// - Throws: Only what ArgumentParser ends a program with.
    package static func run(_ program: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let exit as ExitCode {
            throw exit
        } catch let error as ValidationError {
            throw error
        } catch let error as CleanExit {
            throw error
        } catch {
            // One line at a time: a message may quote a value from outside.
            let lines = "\(error)".split(separator: "\n", omittingEmptySubsequences: false)
            Terminal.complain(lines.map { "\(program): \(DisplayText.safe(String($0)))\n" }.joined())
            throw ExitCode(ExitStatus(error).rawValue)
        }
    }

    /// Ends the program with a status; returns when that is success.
    package static func exit(_ status: ExitStatus) throws(ExitCode) {
        if status != .success { throw ExitCode(status.rawValue) }
    }
}
