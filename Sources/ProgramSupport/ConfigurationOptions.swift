package import ArgumentParser
import Foundation
package import OrdersyncConfiguration

/// Where a program finds its configuration.
package struct ConfigurationOptions: ParsableArguments {
    package static let defaultPath = "/etc/ordersync/ordersync.yaml"

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The configuration file.",
            discussion: "Without it ORDERSYNC_CONFIG, then /etc/ordersync/ordersync.yaml if that exists. "
                + "Any key can be overridden by the environment: monday.board by ORDERSYNC_MONDAY_BOARD.",
            valueName: "file"
        )
    )
    package var config: String?

    @Flag(name: .long, help: "Print every value in force and where it came from, secrets redacted, and exit.")
    package var printConfig = false

    package init() {}

    /// Reads the configuration and tells its warnings on standard error.
    ///
    /// - Parameters:
    ///   - program: The program, whose mandatory keys must be there.
    ///   - environment: The process's variables.
    /// - Returns: The checked configuration.
    /// - Throws: `ConfigurationError`, or a clean exit after `--print-config`.
    package func load(
        for program: ProgramRole?,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> Configuration {
        let file = self.file(environment)
        guard !self.printConfig else {
            let configuration = try Configuration.load(file: file, environment: environment)
            throw CleanExit.message(configuration.summary)
        }
        let configuration = try Configuration.load(file: file, environment: environment, for: program)
        for warning in configuration.warnings { Terminal.complain("warning: \(warning)\n") }
        return configuration
    }

    private func file(_ environment: [String: String]) -> String? {
        if let named = self.config ?? environment["ORDERSYNC_CONFIG"], !named.isEmpty { return named }
        return FileManager.default.fileExists(atPath: Self.defaultPath) ? Self.defaultPath : nil
    }
}
