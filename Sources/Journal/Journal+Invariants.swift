internal import Orders
internal import SQLite

extension Journal {
    /// What must hold between rows whatever happens, beyond what the schema itself enforces; each query gives the rows that
    /// break it, as words.
    private enum SQL {
        static let identity = """
            SELECT 'the journal has no id' WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'journal_id')
            """
        static let oneLive = """
            SELECT 'order ' || order_key || ' has ' || count(*) || ' live jobs' FROM job
            WHERE finished_ms IS NULL AND state <> 'waiting' GROUP BY order_key HAVING count(*) > 1
            """
        static let behindNone = """
            SELECT 'job ' || id || ' waits behind no live job' FROM job WHERE state = 'waiting'
                AND NOT EXISTS (SELECT 1 FROM job live WHERE live.order_seq = job.order_seq
                    AND live.finished_ms IS NULL AND live.waits = 0)
            """
        static let orphans = """
            SELECT 'job ' || id || ' is of an order that the ledger lacks' FROM job
            WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE ledger.seq = job.order_seq AND ledger.order_key = job.order_key)
            """
        static let snapshots = """
            SELECT 'job ' || id || ' has no snapshot' FROM job WHERE finished_ms IS NULL
                AND NOT EXISTS (SELECT 1 FROM snapshot WHERE job_id = job.id)
            """
        static let synced = """
            SELECT 'the snapshot of order ' || ledger.order_key || ' that stands on the board is lost'
            FROM synced JOIN ledger ON ledger.seq = synced.order_seq
            WHERE synced.job_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM snapshot WHERE snapshot.job_id = synced.job_id)
            """
        /// A ready job is found by its customer's lane alone.
        static let lanes = """
            SELECT DISTINCT 'customer ' || customer || ' has ready jobs that are never claimed' FROM job WHERE state = 'ready'
                AND NOT EXISTS (SELECT 1 FROM lane WHERE lane.customer = job.customer AND active = 1)
            """
        /// Whatever leads to another send must be settled first.
        static let passedOver = """
            SELECT DISTINCT 'job ' || job.id || ' is ' || job.state || ' though a request of it has no known outcome'
            FROM effect_target JOIN job ON job.id = effect_target.job_id
            WHERE outcome IS NULL AND job.state NOT IN ('running', 'in_doubt', 'dead', 'held')
            """
        static let doubtless = """
            SELECT 'job ' || id || ' is in doubt about nothing' FROM job WHERE state = 'in_doubt'
                AND NOT EXISTS (SELECT 1 FROM effect_target WHERE job_id = job.id AND outcome IS NULL)
            """
        static let effects = """
            SELECT 'effect ' || id || ' is ' || state || ' though ' || CASE WHEN state = 'settled' THEN 'a' ELSE 'no' END
                || ' part of it has no known outcome' FROM effect
            WHERE (state = 'settled') = EXISTS (SELECT 1 FROM effect_target WHERE effect_id = effect.id AND outcome IS NULL)
            """
        static let owners = """
            SELECT 'job ' || id || ' runs for start ' || owner_epoch || ' of the daemon, which is over' FROM job
            WHERE state = 'running' AND owner_epoch <> (SELECT max(epoch) FROM epoch)
            """
        static let dead = """
            SELECT 'job ' || id || ' is dead without an open error row' FROM job WHERE state = 'dead'
                AND NOT EXISTS (SELECT 1 FROM error_row WHERE error_row.order_key = job.order_key AND resolved_ms IS NULL)
            """
        static let items = """
            SELECT 'item ' || item_id || ' belongs to ' || count(*) || ' orders' FROM ledger WHERE item_id IS NOT NULL
            GROUP BY item_board, item_id HAVING count(*) > 1
            """
        static let subitems = """
            SELECT 'subitem ' || id || ' belongs to ' || count(*) || ' sizes' FROM ledger_subitem
            GROUP BY id HAVING count(*) > 1
            """
        static let all = [
            identity, oneLive, behindNone, orphans, snapshots, synced, lanes, passedOver, doubtless, effects, owners,
            dead,
            items, subitems,
        ]
        static let digests = "SELECT job_id, sha256, bytes FROM snapshot ORDER BY job_id"
    }

    /// How many breaks of one rule are told.
    private static let mostTold = 20

    /// Looks whether the rows keep to the rules of the queue.
    ///
    /// - Returns: What is wrong, a line each; empty when nothing is.
    package func brokenInvariants() throws(JournalError) -> [String] {
        try self.read { database in
            var problems: [String] = []
            for sql in SQL.all {
                let broken = try database.query(sql + " LIMIT \(Self.mostTold + 1)") { $0.text(0) ?? "" }
                problems += broken.prefix(Self.mostTold)
                if broken.count > Self.mostTold { problems.append("and more of the kind") }
            }
            return problems
        }
    }

    /// Looks whether every snapshot still is what was written.
    ///
    /// - Returns: What is wrong, a line each; empty when nothing is.
    package func brokenSnapshots() throws(JournalError) -> [String] {
        try self.read { database in
            var broken: [Int64] = []
            _ = try database.query(SQL.digests) { row throws(SQLiteError) in
                guard try row.digest(1) != Digest.sha256(try row.bytes(2)) else { return }
                broken.append(try row.whole(0))
            }
            return broken.prefix(Self.mostTold).map { "the snapshot of job \($0) is not what was written" }
                + (broken.count > Self.mostTold ? ["and \(broken.count - Self.mostTold) more"] : [])
        }
    }
}
