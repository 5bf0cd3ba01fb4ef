import ArgumentParser
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Works until told to stop.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Work until told to stop (the default).",
        discussion: """
            Ends at SIGTERM or SIGINT: what is in flight to Monday.com is finished, everything else stays queued. An outage \
            of the warehouse or of Monday.com does not end it; it waits, and says so in its status.

            EXAMPLES
              systemctl start ordersyncd
              ordersyncd run --config ./ordersync.yaml
            """
    )

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    func run() async throws {
        try await Reporting.run("ordersyncd") {
            _ = try await Work.run(try self.options.load(for: .daemon), .run)
        }
    }
}
