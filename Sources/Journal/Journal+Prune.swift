internal import CrashPoints
internal import SQLite

extension Journal {
    private enum SQL {
        /// A lane's newest job stays: without it its number would be given again.
        ///
        /// So does one whose error row the warehouse still lacks: the row needs its snapshot.
        static let jobs = """
            SELECT id, order_seq FROM job WHERE finished_ms < ?1
                AND EXISTS (SELECT 1 FROM job newer WHERE newer.id > job.id
                    AND newer.id < (job.id / \(Lanes.jobsPerLane) + 1) * \(Lanes.jobsPerLane))
                AND NOT EXISTS (SELECT 1 FROM error_row WHERE job_id = job.id AND written_ms IS NULL)
            ORDER BY finished_ms LIMIT ?2
            """
        /// The snapshot that stands on the board is kept for as long as it does.
        static let snapshot = """
            DELETE FROM snapshot WHERE job_id = ?1
                AND NOT EXISTS (SELECT 1 FROM synced WHERE order_seq = ?2 AND synced.job_id = ?1)
            """
        static let actions = "DELETE FROM replay_job WHERE job_id = ?1"
        static let errors = """
            DELETE FROM error_row WHERE job_id = ?1 AND written_ms IS NOT NULL AND resolution_written_ms IS NOT NULL
            """
        static let job = "DELETE FROM job WHERE id = ?1"
        /// Their numbers are never given again, so the last one needs not be kept.
        static let effects = """
            DELETE FROM effect WHERE id IN (
                SELECT id FROM effect WHERE state = 'settled' AND settled_ms < ?1
                    AND NOT EXISTS (SELECT 1 FROM recheck WHERE effect_id = effect.id)
                    AND NOT EXISTS (SELECT 1 FROM effect_target target JOIN job ON job.id = target.job_id
                        WHERE target.effect_id = effect.id)
                ORDER BY settled_ms LIMIT ?2)
            """
        static let batches = """
            DELETE FROM batch WHERE seq IN (
                SELECT seq FROM batch WHERE reported_ms IS NOT NULL AND closed_ms < ?1 ORDER BY closed_ms LIMIT ?2)
            """
        static let rejects = """
            DELETE FROM reject WHERE id IN (
                SELECT id FROM reject WHERE resolved_ms < ?1
                    AND NOT EXISTS (SELECT 1 FROM error_row WHERE reject_id = reject.id
                        AND (written_ms IS NULL OR resolution_written_ms IS NULL))
                LIMIT ?2)
            """
    }

    /// Deletes what was finished before that time: jobs with their attempts, settled effects, reported batches.
    ///
    /// Dead jobs, the ledger and the snapshots that stand on the board are never deleted.
    /// - Parameters:
    ///   - finishedBefore: The time, in milliseconds.
    ///   - limit: How many rows of a kind at most, so that the lock is held for a moment only.
    /// - Returns: How many jobs, effects, batches and rejects were deleted; call again until it is 0.
    /// - Throws: What opening the transaction or writing in it met.
    package func prune(finishedBefore: Int64, limit: Int = 1000) throws(JournalError) -> Int {
        try self.write(.prune) { database in
            let jobs = try database.query(SQL.jobs, [.integer(finishedBefore), .integer(limit)]) {
                row throws(SQLiteError) in
                (id: try row.whole(0), order: try row.whole(1))
            }
            for job in jobs {
                try database.run(SQL.snapshot, [.integer(job.id), .integer(job.order)])
                try database.run(SQL.actions, [.integer(job.id)])
                try database.run(SQL.errors, [.integer(job.id)])
                try database.run(SQL.job, [.integer(job.id)])
            }
            var count = jobs.count
            for sql in [SQL.effects, SQL.batches, SQL.rejects] {
                count += try database.run(sql, [.integer(finishedBefore), .integer(limit)])
            }
            // Freed pages go back to the file system a few at a time.
            _ = try database.query("PRAGMA incremental_vacuum(500)") { _ in }
            return count
        }
    }

    /// The hot queries by the index each must use; tests read their plans.
    static var pruneQueries: [String: [String]] {
        ["job_finished": [SQL.jobs], "effect_settled": [SQL.effects], "batch_closed": [SQL.batches]]
    }
}
