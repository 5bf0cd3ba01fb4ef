import ArgumentParser
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine
import Warehouse

/// Brings the warehouse's tables up to date.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create or upgrade the tables of the warehouse.",
        usage: "ordersyncd migrate [<options>]",
        discussion: """
            Adds what is missing and changes nothing that is there: it may be run at any time, and again. Prints what it did. \
            Needs the right to create tables, which the daemon does not.

            A staging table of another shape, which can't be completed by adding columns, is refused. With --replace-staging it \
            is renamed to …_before_ordersync, with its rows, and made anew. Production, error and batch tables are never renamed.

            EXAMPLES
              ordersyncd migrate
              ordersyncd migrate --replace-staging --dry-run
              ordersyncd migrate --print > tables.sql      the SQL only, for a person to read or run
              ORDERSYNC_WAREHOUSE_DIALECT=sqlserver ordersyncd migrate --print
              ordersyncd migrate --dry-run                 what it would do
            """
    )

    @Flag(name: .long, help: "Print the SQL of all tables, views and procedures, and do nothing.")
    var print = false

    @Flag(name: [.long, .customShort("n")], help: "Tell what would be created or added, and do nothing.")
    var dryRun = false

    @Flag(name: .long, help: "Rename staging tables of another shape, and make them anew.")
    var replaceStaging = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    func run() async throws {
        try await Reporting.run("ordersyncd") {
            // To print needs the dialect, which may be configured without a connection.
            let configuration = try self.options.load(for: self.print ? nil : .migrate)
            if self.print {
                Terminal.say([Warehouse.script(try Wiring.dialectByName(configuration))])
                return
            }
            let fieldMap = try Wiring.fieldMap(configuration)
            let warehouse = try Wiring.warehouse(configuration, fieldMap: fieldMap)
            // An embedded database is a file, which is made here.
            let database = try Wiring.embeddedDatabase(configuration)
            defer { Ownership.giveToFolder([database].compactMap(\.self)) }
            let steps = try await warehouse.migrate(dryRun: self.dryRun, replacingStaging: self.replaceStaging)
            Terminal.say(Self.lines(steps, dryRun: self.dryRun))
        }
    }

    static func lines(_ steps: [MigrationStep], dryRun: Bool) -> [String] {
        let done = steps.filter { $0.did != .exists }
        let there = HumanText.count(steps.count - done.count, "object") + " already there"
        return done.map { "\(dryRun ? "would be " : "")\($0.did.rawValue): \($0.name)" }
            + [done.isEmpty ? "nothing to do: \(there)" : "\(HumanText.count(done.count, "change")); \(there)"]
    }
}
