-- The view and the procedures that operators and reports use. One that is there already is left as it is.
-- They count the same four statuses as final that ordersync writes; times are UTC. Each needs a batch of its own, hence EXEC.

-- Batches under way, and those of the last 24 hours. success_percentage never exceeds 100: the counters count orders only.
IF OBJECT_ID(N'[dbo].[VW_MON_ActiveBatches]', N'V') IS NULL
    EXEC(N'CREATE VIEW [dbo].[VW_MON_ActiveBatches] AS
SELECT
    [batch_id], [customer_name], [batch_type], [status], [start_time], [duration_seconds],
    [total_records], [successful_records], [failed_records],
    CASE WHEN [total_records] > 0
        THEN CAST([successful_records] AS FLOAT) / [total_records] * 100
        ELSE CAST(0 AS FLOAT)
    END AS [success_percentage],
    [error_summary]
FROM [dbo].[MON_BatchProcessing]
WHERE [status] NOT IN (N''COMPLETED'', N''COMPLETED_WITH_ERRORS'', N''NO_RECORDS'', N''FAILED'')
    OR [start_time] > DATEADD(HOUR, -24, GETUTCDATE());');
GO

-- Deletes promoted staging rows (subitems first: their key has no cascade) and final batches older than @DaysToKeep days.
IF OBJECT_ID(N'[dbo].[sp_MON_CleanupCompletedBatches]', N'P') IS NULL
    EXEC(N'CREATE PROCEDURE [dbo].[sp_MON_CleanupCompletedBatches]
    @DaysToKeep INT = 7
AS
BEGIN
    SET NOCOUNT ON;
    SET XACT_ABORT ON;
    DECLARE @before DATETIME2 = DATEADD(DAY, -@DaysToKeep, GETUTCDATE());
    BEGIN TRANSACTION;
    DELETE FROM [dbo].[STG_MON_CustMasterSchedule_Subitems]
    WHERE [stg_status] = N''PROMOTED'' AND [stg_processed_date] < @before;
    DELETE FROM [dbo].[STG_MON_CustMasterSchedule]
    WHERE [stg_status] = N''PROMOTED'' AND [stg_processed_date] < @before
        AND NOT EXISTS (
            SELECT 1 FROM [dbo].[STG_MON_CustMasterSchedule_Subitems] AS [subitem]
            WHERE [subitem].[stg_parent_stg_id] = [dbo].[STG_MON_CustMasterSchedule].[stg_id]
        );
    DELETE FROM [dbo].[MON_BatchProcessing]
    WHERE [status] IN (N''COMPLETED'', N''COMPLETED_WITH_ERRORS'', N''NO_RECORDS'', N''FAILED'') AND [end_time] < @before;
    COMMIT TRANSACTION;
END;');
GO

-- Batches of the last @DaysBack days, summed by customer and batch type.
IF OBJECT_ID(N'[dbo].[sp_MON_GetBatchSummary]', N'P') IS NULL
    EXEC(N'CREATE PROCEDURE [dbo].[sp_MON_GetBatchSummary]
    @CustomerName NVARCHAR(100) = NULL,
    @DaysBack INT = 7
AS
BEGIN
    SET NOCOUNT ON;
    SELECT
        [customer_name],
        [batch_type],
        COUNT(*) AS [total_batches],
        SUM(CASE WHEN [status] IN (N''COMPLETED'', N''COMPLETED_WITH_ERRORS'', N''NO_RECORDS'') THEN 1 ELSE 0 END)
            AS [completed_batches],
        SUM(CASE WHEN [status] = N''FAILED'' THEN 1 ELSE 0 END) AS [failed_batches],
        SUM(CASE WHEN [end_time] IS NULL THEN 1 ELSE 0 END) AS [active_batches],
        SUM([total_records]) AS [total_records],
        SUM([successful_records]) AS [successful_records],
        SUM([failed_records]) AS [failed_records],
        AVG([duration_seconds]) AS [avg_duration_seconds]
    FROM [dbo].[MON_BatchProcessing]
    WHERE [start_time] > DATEADD(DAY, -@DaysBack, GETUTCDATE())
        AND (@CustomerName IS NULL OR [customer_name] = @CustomerName)
    GROUP BY [customer_name], [batch_type]
    ORDER BY [customer_name], [batch_type];
END;');
GO
