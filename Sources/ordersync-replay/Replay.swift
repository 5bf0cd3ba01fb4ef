import ArgumentParser
import ProgramSupport

/// An operator's view of jobs, and commands on them.
@main
struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ordersync-replay",
        abstract: "See what is stuck and why, and bring it back: list, show, replay, discard, hold and settle jobs.",
        discussion: """
            A job dies when Monday.com or the warehouse refused its order for good, or too often. Its order stays as it was \
            on the board until the cause is removed and the job is replayed, or a newer run queues the order anew.

            EXAMPLES
              ordersync-replay stats           which customer is stuck
              ordersync-replay why JOO-00505   what an order waits for
              ordersync-replay list            the dead jobs
              ordersync-replay show 4711       all that is known of one
              ordersync-replay retry --error-type ColumnValueException
              ordersync-replay discard 4711 --reason "cancelled by phone"
              ordersync-replay list --json | jq '.jobs[].id' | ordersync-replay retry -

            EXIT STATUS
               0  done
               1  some of the jobs or alarms could not be changed
              64  wrong usage, or a verdict on what is not in doubt
              65  the journal is damaged, or newer than this program
              66  there is no such journal, job or order
              75  the journal is busy, or it is too early to tell: try again
              77  not permitted
              78  configuration wrong
            """,
        version: Version.current,
        subcommands: [
            List.self, Show.self, Why.self, Stats.self, Retry.self, Discard.self, Hold.self, Release.self, Settle.self,
            Alarms.self, Acknowledge.self, Log.self,
        ]
    )
}
