import ArgumentParser
import Journal
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Lists alarms.
struct Alarms: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what the board holds twice: a second item, subitem or group, beside the one that is ours.",
        usage: "ordersync-replay alarms [<options>]",
        discussion: """
            A second one comes of a person who copied an item, or of an answer that came long after its request was given up. \
            Nothing is written on it and nothing removed: look at it, remove it, and put the alarm away with \
            `ordersync-replay acknowledge`.

            EXAMPLES
              ordersync-replay alarms
              ordersync-replay alarms --all --json
            """
    )

    @Flag(name: .long, help: "List those that were put away as well, with who did it and why.")
    var all = false

    @Flag(name: .long, help: "Print an array as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    func run() async throws {
        try await Reporting.run("ordersync-replay") {
            let configuration = try self.options.load(for: .replay)
            let alarms = try await Wiring.withJournal(configuration, role: .reader) {
                try await $0.alarmRecords(all: self.all)
            }
            if self.json {
                print(try JSONOutput.text(alarms.map(AlarmForm.init)))
            } else if alarms.isEmpty {
                print("no alarms")
            } else {
                Terminal.say(AlarmText.lines(alarms, now: TimeSource.system.now(), width: Terminal.outputWidth))
            }
        }
    }
}
