extension Enqueue {
    /// What `--help` tells beyond the options.
    static let discussion = """
        Reads ORDERS_UNIFIED, compares every order with what was queued last, and writes one job for each that is new \
        or changed, in one transaction: a run queues all of it or nothing. ordersyncd then brings the jobs to the board. \
        Running it twice does no harm: the second run finds nothing new.

        Values match exactly, blanks around them aside. Several values of one option are alternatives; different \
        options must all hold.

        An order that is in no row any more is gone. With gone.policy archive or zero it is dealt with when a second run, \
        at least gone.confirm later, misses it too; a run that would so touch more than gone.limit_percent of the known \
        orders, and more than five, is refused.

        Rows may come from a file instead, with the column names of the table, in its order: CSV, or NDJSON with one \
        object a line, in which a missing key is null. Without --complete such a run tells of no gone orders.

        EXAMPLES
          ordersync-enqueue --customer "GREYSON CLOTHIERS" --po 4755
          ordersync-enqueue --aag-season "2025 FALL" --dry-run
          ordersync-enqueue --all --json
          ordersync-enqueue --rebuild-ledger --dry-run
          ordersync-enqueue --adopt --all --dry-run
          ordersync-enqueue --customer "JOHNNIE O" --input rows.csv --complete

        JSON
          One object: read, new, changed, unchanged, gone, rejected, possiblyRenamed
          and enqueued are counts; rejects, goneOrders and renamed list up to 1,000
          each; changes lists what a dry run would change, order by order and column
          by column, up to 10,000 orders; runID is absent on a dry run; complete is
          false when gone orders can't be told.
          With --rebuild-ledger: inBoth, onlyBoard, onlyProduction, duplicateKeys, withoutKey,
          toBeWritten, ledgerBefore, ledgerAfter and jobsDropped are counts.
          With --adopt: read, items, adopted, ambiguous, newOrders, unexplained, known, done
          and left are counts; pairs, ties and unexplainedItems list up to 10,000 each.

        EXIT STATUS
           0  done
           1  rows were rejected, and --strict was given
          64  wrong usage
          65  the source contradicts itself or its file is malformed, the field map or
              the orders that are gone would change too much, the journal is not the
              one that fills the board, or the board holds items that nobody explains
          66  nothing matches, or a file is missing
          69  the source can't be reached
          75  another run is under way, the journal is busy, or the source was being
              loaded: try again
          77  not permitted
          78  configuration or field map wrong
        """
}
