import ArgumentParser
import Foundation
import Journal
import Orders
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine

/// Says what an order waits for.
struct Why: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what an order waits for, since when, and behind what.",
        usage: "ordersync-replay why <order> ... [<options>]",
        discussion: """
            An order is named by its number, by its order key, or by the number of one of its jobs. Several orders may bear \
            one number; all are told.

            EXAMPLES
              ordersync-replay why JOO-00505
              ordersync-replay why 4711
              ordersync-replay why JOO-00505 --json | jq '.[].reasons[]'
            """
    )

    @Argument(help: ArgumentHelp("Order numbers, order keys or job numbers.", valueName: "order"))
    var orders: [String]

    @Flag(name: .long, help: "Print an array of orders as JSON.")
    var json = false

    @OptionGroup(title: "Configuration")
    var options: ConfigurationOptions

    func run() async throws {
        try await Reporting.run("ordersync-replay") {
            let configuration = try self.options.load(for: .replay)
            let timing = Wiring.timing(configuration)
            let (standings, daemon) = try await Wiring.withJournal(configuration, role: .reader) { journal in
                var standings: [OrderStanding] = []
                for word in self.orders { standings += try await Self.find(word, in: journal) }
                return (standings, try await journal.daemonStanding())
            }
            let circumstances = Waiting.Circumstances(
                now: TimeSource.system.now(),
                daemon: daemon,
                isDaemonRunning: DaemonProcess.isRunning(daemon),
                timing: timing,
                hasKeyColumn: configuration.monday.externalKeyColumn != nil
            )
            let waitings = standings.map { Waiting($0, circumstances) }
            if self.json {
                print(try JSONOutput.text(waitings.map { WaitingForm($0, timing: timing) }))
            } else {
                let pages = waitings.map { WaitingText.lines($0, now: circumstances.now) }
                Terminal.say(Array(pages.joined(separator: [""])))
            }
        }
    }

    /// A UUID is an order key, a whole number a job's if there is such a job, anything else an order's number.
    private static func find(_ word: String, in journal: Journal) async throws -> [OrderStanding] {
        var found: [OrderStanding] = []
        if let key = OrderKey(word) { found = try await journal.standing(orderKey: key).map { [$0] } ?? [] }
        if found.isEmpty, let job = Int64(word) { found = try await journal.standing(job: job).map { [$0] } ?? [] }
        if found.isEmpty { found = try await journal.standing(orderNumber: word) }
        guard !found.isEmpty else {
            let name = DisplayText.cut(DisplayText.safe(word), to: 60)
            throw JournalError(.notFound, "no order and no job is known as “\(name)”: it was never queued")
        }
        return found
    }
}
