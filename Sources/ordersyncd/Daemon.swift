import ArgumentParser
import ProgramSupport

/// The daemon and what an operator does beside it.
@main
struct Daemon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ordersyncd",
        abstract: "Bring queued orders to the Monday.com board, and keep its tables.",
        discussion: """
            Works through the journal that ordersync-enqueue fills: stages each order in the warehouse, makes or updates its \
            group, item and size subitems on the board, and promotes it to the production tables. It may be killed at any \
            moment: the next start goes on where this one was, and nothing is made twice.

            EXAMPLES
              ordersyncd check      look at source, warehouse and board; change nothing
              ordersyncd migrate    create or upgrade the warehouse's tables
              ordersyncd            work until told to stop, as systemd runs it
              ordersyncd drain      work until nothing is left, then exit
              ordersyncd backup /var/backups/ordersync/journal-$(date +%F).sqlite
              ordersyncd query "SELECT state, count(*) FROM job GROUP BY state"

            EXIT STATUS
               0  done
               1  orders died (drain), or something is wrong (check)
              64  wrong usage, or a query that can't be asked
              65  the journal is damaged, newer than this program, or not the one that fills
                  the board (drain)
              66  a file is missing
              69  warehouse or Monday.com not available (drain, migrate)
              73  the journal's folder is missing, or a backup can't be written there
              74  the disk is full or fails
              75  another daemon has the journal, or work is left (drain)
              77  not permitted: token or files
              78  configuration or field map wrong
            """,
        version: Version.current,
        subcommands: [Run.self, Drain.self, Migrate.self, Check.self, Audit.self, Backup.self, Query.self],
        defaultSubcommand: Run.self
    )
}
