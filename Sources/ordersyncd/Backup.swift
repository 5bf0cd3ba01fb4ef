import ArgumentParser
import Foundation
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Copies the journal while everything works on.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the journal into a new file, in one consistent state, while the daemon works on.",
        usage: "ordersyncd backup <file> [<options>]",
        discussion: """
            The copy is read from end to end before it gets its name; it is one file, readable by its owner only. No file is \
            ever overwritten.

            TO RESTORE
              systemctl stop ordersyncd                      and let no enqueue run
              cd /var/lib/ordersync && mkdir damaged && mv journal.sqlite* damaged/
              install -o ordersync -g ordersync -m 600 FILE journal.sqlite
              ordersync-enqueue --rebuild-ledger             the board has moved on since
              systemctl start ordersyncd

            EXAMPLES
              ordersyncd backup /var/backups/ordersync/journal-$(date +%F).sqlite
            """
    )

    @Argument(help: ArgumentHelp("The file to make.", valueName: "file"))
    var file: String

    @Flag(name: .long, help: "Print what was written as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    mutating func validate() throws {
        if self.file.isEmpty || self.file.hasSuffix("/") { throw ValidationError("name the file to make") }
    }

    func run() async throws {
        try await Reporting.run("ordersyncd") {
            let configuration = try self.options.load(for: .replay)
            let path = URL(filePath: self.file).absoluteURL.path
            let backup = try await Wiring.withJournal(configuration, role: .reader) { try await $0.backup(to: path) }
            Terminal.say(try self.lines(BackupForm(backup)))
        }
    }

    private func lines(_ form: BackupForm) throws -> [String] {
        if self.json { return [try JSONOutput.text(form)] }
        return [
            "\(form.file): \(HumanText.size(form.size)), \(HumanText.count(form.orders, "order")), "
                + "\(HumanText.count(form.jobs, "job")); read from end to end, and whole",
            "to restore it: ordersyncd backup --help",
        ]
    }
}

/// The answer of `ordersyncd backup --json`.
struct BackupForm: Hashable, Sendable, Codable {
    let file: String
    let size: Int64
    let journalID: String
    let orders: Int
    let jobs: Int

    init(_ backup: JournalBackup) {
        self.file = backup.path
        self.size = backup.size
        self.journalID = backup.journalID
        self.orders = backup.orders
        self.jobs = backup.jobs
    }
}
