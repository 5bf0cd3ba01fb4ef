-- The view that operators and reports use. SQLite has no procedures: `ordersyncd` itself cleans up by its retention settings.

-- Batches under way, and those of the last 24 hours. success_percentage never exceeds 100: the counters count orders only.
CREATE VIEW IF NOT EXISTS "VW_MON_ActiveBatches" AS
SELECT
    "batch_id", "customer_name", "batch_type", "status", "start_time", "duration_seconds",
    "total_records", "successful_records", "failed_records",
    CASE WHEN "total_records" > 0
        THEN CAST("successful_records" AS REAL) / "total_records" * 100
        ELSE 0.0
    END AS "success_percentage",
    "error_summary"
FROM "MON_BatchProcessing"
WHERE "status" NOT IN ('COMPLETED', 'COMPLETED_WITH_ERRORS', 'NO_RECORDS', 'FAILED')
    OR "start_time" > strftime('%Y-%m-%d %H:%M:%f', 'now', '-24 hours');

-- The sums of sp_MON_GetBatchSummary over the last seven days.
CREATE VIEW IF NOT EXISTS "VW_MON_BatchSummary" AS
SELECT
    "customer_name",
    "batch_type",
    COUNT(*) AS "total_batches",
    SUM("status" IN ('COMPLETED', 'COMPLETED_WITH_ERRORS', 'NO_RECORDS')) AS "completed_batches",
    SUM("status" = 'FAILED') AS "failed_batches",
    SUM("end_time" IS NULL) AS "active_batches",
    SUM("total_records") AS "total_records",
    SUM("successful_records") AS "successful_records",
    SUM("failed_records") AS "failed_records",
    CAST(AVG("duration_seconds") AS INTEGER) AS "avg_duration_seconds"
FROM "MON_BatchProcessing"
WHERE "start_time" > strftime('%Y-%m-%d %H:%M:%f', 'now', '-7 days')
GROUP BY "customer_name", "batch_type";
