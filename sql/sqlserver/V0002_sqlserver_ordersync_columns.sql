-- What ordersync adds to the predecessor's tables, and its own two. Only additions: no column or row of the predecessor changes.
-- order_key    the order's name for life, as it stands in the journal and on the board (lower-case text of a UUID)
-- source_hash  SHA-256 over the values as they were written to the board (hexadecimal)
-- change_type  NEW or CHANGED as detection found it; in production also ARCHIVED or ZEROED, what became of an order that is gone
-- key_digest   SHA-256 of order number, customer, style and colour as the source has them (hexadecimal), and source_customer the
--              customer's name there: by these a lost ledger finds its rows in the source again
-- error_key    names one failure of one job, so that writing it twice gives one row

IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'STG_MON_CustMasterSchedule' AND COLUMN_NAME = N'order_key')
    ALTER TABLE [dbo].[STG_MON_CustMasterSchedule] ADD [order_key] NVARCHAR(36) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'STG_MON_CustMasterSchedule' AND COLUMN_NAME = N'source_hash')
    ALTER TABLE [dbo].[STG_MON_CustMasterSchedule] ADD [source_hash] NVARCHAR(64) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'STG_MON_CustMasterSchedule' AND COLUMN_NAME = N'change_type')
    ALTER TABLE [dbo].[STG_MON_CustMasterSchedule] ADD [change_type] NVARCHAR(20) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'STG_MON_CustMasterSchedule' AND COLUMN_NAME = N'key_digest')
    ALTER TABLE [dbo].[STG_MON_CustMasterSchedule] ADD [key_digest] NVARCHAR(64) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'STG_MON_CustMasterSchedule' AND COLUMN_NAME = N'source_customer')
    ALTER TABLE [dbo].[STG_MON_CustMasterSchedule] ADD [source_customer] NVARCHAR(255) NULL;
GO

IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'STG_MON_CustMasterSchedule_Subitems' AND COLUMN_NAME = N'order_key')
    ALTER TABLE [dbo].[STG_MON_CustMasterSchedule_Subitems] ADD [order_key] NVARCHAR(36) NULL;
GO

IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule' AND COLUMN_NAME = N'order_key')
    ALTER TABLE [dbo].[MON_CustMasterSchedule] ADD [order_key] NVARCHAR(36) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule' AND COLUMN_NAME = N'source_hash')
    ALTER TABLE [dbo].[MON_CustMasterSchedule] ADD [source_hash] NVARCHAR(64) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule' AND COLUMN_NAME = N'change_type')
    ALTER TABLE [dbo].[MON_CustMasterSchedule] ADD [change_type] NVARCHAR(20) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule' AND COLUMN_NAME = N'key_digest')
    ALTER TABLE [dbo].[MON_CustMasterSchedule] ADD [key_digest] NVARCHAR(64) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule' AND COLUMN_NAME = N'source_customer')
    ALTER TABLE [dbo].[MON_CustMasterSchedule] ADD [source_customer] NVARCHAR(255) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule' AND COLUMN_NAME = N'source_uuid')
    ALTER TABLE [dbo].[MON_CustMasterSchedule] ADD [source_uuid] UNIQUEIDENTIFIER NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule' AND COLUMN_NAME = N'RANGE / COLLECTION')
    ALTER TABLE [dbo].[MON_CustMasterSchedule] ADD [RANGE / COLLECTION] NVARCHAR(200) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule' AND COLUMN_NAME = N'board_id')
    ALTER TABLE [dbo].[MON_CustMasterSchedule] ADD [board_id] BIGINT NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule' AND COLUMN_NAME = N'batch_id')
    ALTER TABLE [dbo].[MON_CustMasterSchedule] ADD [batch_id] UNIQUEIDENTIFIER NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule' AND COLUMN_NAME = N'synced_at')
    ALTER TABLE [dbo].[MON_CustMasterSchedule] ADD [synced_at] DATETIME2 NULL;
GO

IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule_Subitems' AND COLUMN_NAME = N'order_key')
    ALTER TABLE [dbo].[MON_CustMasterSchedule_Subitems] ADD [order_key] NVARCHAR(36) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule_Subitems' AND COLUMN_NAME = N'size_label')
    ALTER TABLE [dbo].[MON_CustMasterSchedule_Subitems] ADD [size_label] NVARCHAR(100) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'MON_CustMasterSchedule_Subitems' AND COLUMN_NAME = N'synced_at')
    ALTER TABLE [dbo].[MON_CustMasterSchedule_Subitems] ADD [synced_at] DATETIME2 NULL;
GO

IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'ERR_MON_CustMasterSchedule' AND COLUMN_NAME = N'error_key')
    ALTER TABLE [dbo].[ERR_MON_CustMasterSchedule] ADD [error_key] NVARCHAR(100) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'ERR_MON_CustMasterSchedule' AND COLUMN_NAME = N'order_key')
    ALTER TABLE [dbo].[ERR_MON_CustMasterSchedule] ADD [order_key] NVARCHAR(36) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'ERR_MON_CustMasterSchedule' AND COLUMN_NAME = N'job_id')
    ALTER TABLE [dbo].[ERR_MON_CustMasterSchedule] ADD [job_id] BIGINT NULL;
GO

IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'ERR_MON_CustMasterSchedule_Subitems' AND COLUMN_NAME = N'error_key')
    ALTER TABLE [dbo].[ERR_MON_CustMasterSchedule_Subitems] ADD [error_key] NVARCHAR(100) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'ERR_MON_CustMasterSchedule_Subitems' AND COLUMN_NAME = N'order_key')
    ALTER TABLE [dbo].[ERR_MON_CustMasterSchedule_Subitems] ADD [order_key] NVARCHAR(36) NULL;
GO
IF NOT EXISTS (SELECT 1 FROM INFORMATION_SCHEMA.COLUMNS
    WHERE TABLE_SCHEMA = N'dbo' AND TABLE_NAME = N'ERR_MON_CustMasterSchedule_Subitems' AND COLUMN_NAME = N'job_id')
    ALTER TABLE [dbo].[ERR_MON_CustMasterSchedule_Subitems] ADD [job_id] BIGINT NULL;
GO

-- The names of indexes are compared, and a clash is let pass: servers that mangle the names in the catalogue say so only then.
-- An order is staged once a batch: staging again after a crash finds its own rows by this.
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule]') AND name = N'IX_STG_MON_CustMasterSchedule_BatchOrderKey')
BEGIN TRY
    CREATE UNIQUE INDEX [IX_STG_MON_CustMasterSchedule_BatchOrderKey]
        ON [dbo].[STG_MON_CustMasterSchedule] ([stg_batch_id], [order_key]) WHERE [order_key] IS NOT NULL;
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
-- A size is staged once an order and batch.
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule_Subitems]') AND name = N'IX_STG_MON_CustMasterSchedule_Subitems_BatchOrderKey')
BEGIN TRY
    CREATE UNIQUE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_BatchOrderKey]
        ON [dbo].[STG_MON_CustMasterSchedule_Subitems] ([stg_batch_id], [order_key], [stg_size_label]) WHERE [order_key] IS NOT NULL;
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
-- Nothing stopped a duplicate promotion before: one production row an order key.
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[MON_CustMasterSchedule]') AND name = N'IX_MON_CustMasterSchedule_order_key')
BEGIN TRY
    CREATE UNIQUE INDEX [IX_MON_CustMasterSchedule_order_key]
        ON [dbo].[MON_CustMasterSchedule] ([order_key]) WHERE [order_key] IS NOT NULL;
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
-- Cutover and reports look orders up by their item.
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[MON_CustMasterSchedule]') AND name = N'IX_MON_CustMasterSchedule_ItemId')
BEGIN TRY
    CREATE INDEX [IX_MON_CustMasterSchedule_ItemId]
        ON [dbo].[MON_CustMasterSchedule] ([Item ID]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
-- One production row a size of an order; size_label repeats [Size], which is too wide to be indexed.
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[MON_CustMasterSchedule_Subitems]') AND name = N'IX_MON_CustMasterSchedule_Subitems_order_key')
BEGIN TRY
    CREATE UNIQUE INDEX [IX_MON_CustMasterSchedule_Subitems_order_key]
        ON [dbo].[MON_CustMasterSchedule_Subitems] ([order_key], [size_label]) WHERE [order_key] IS NOT NULL;
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
-- One row a failure, however often it is written.
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule]') AND name = N'IX_ERR_MON_CustMasterSchedule_error_key')
BEGIN TRY
    CREATE UNIQUE INDEX [IX_ERR_MON_CustMasterSchedule_error_key]
        ON [dbo].[ERR_MON_CustMasterSchedule] ([error_key]) WHERE [error_key] IS NOT NULL;
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
-- A replay that succeeds resolves the rows of its order.
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule]') AND name = N'IX_ERR_MON_CustMasterSchedule_order_key')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_order_key]
        ON [dbo].[ERR_MON_CustMasterSchedule] ([order_key]) WHERE [order_key] IS NOT NULL;
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule_Subitems]') AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_error_key')
BEGIN TRY
    CREATE UNIQUE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_error_key]
        ON [dbo].[ERR_MON_CustMasterSchedule_Subitems] ([error_key]) WHERE [error_key] IS NOT NULL;
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule_Subitems]') AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_order_key')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_order_key]
        ON [dbo].[ERR_MON_CustMasterSchedule_Subitems] ([order_key]) WHERE [order_key] IS NOT NULL;
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO

-- One row a board: which journal wrote last, and how far it was. Compared and written in the transactions that open a batch and that
-- promote it, so that a lost, restored, rolled-back or copied journal is noticed before it creates an order twice.
-- epoch_token  by chance at every start of the daemon: copies of a journal count their starts alike
-- stamp        by chance at every write: a copy that runs on within one start is told by it
IF OBJECT_ID(N'[dbo].[ordersync_guard]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[ordersync_guard] (
        [board_id] BIGINT NOT NULL,
        [journal_id] NVARCHAR(36) NOT NULL,
        [epoch] BIGINT NOT NULL,
        [last_effect] BIGINT NOT NULL,
        [updated_at] DATETIME2 NOT NULL,
        [epoch_token] NVARCHAR(36) NULL,
        [stamp] NVARCHAR(36) NULL,
        CONSTRAINT [PK_ordersync_guard] PRIMARY KEY ([board_id])
    );
END;
GO

-- Which of these files have run here.
IF OBJECT_ID(N'[dbo].[ordersync_migration]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[ordersync_migration] (
        [version] INT NOT NULL,
        [name] NVARCHAR(200) NOT NULL,
        [applied_at] DATETIME2 NOT NULL,
        CONSTRAINT [PK_ordersync_migration] PRIMARY KEY ([version])
    );
END;
GO
