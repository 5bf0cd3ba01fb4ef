-- The predecessor's tables, with exactly its names, columns, types, defaults and indexes, so that existing reports go on
-- working. A table that is there already is left as it is; `ordersyncd migrate` then adds the columns it lacks.
-- ORDERS_UNIFIED is not here: it is the source, and ordersync only reads it.
-- Each index has a batch of its own, so that a table that came without it gets it. Its name is compared, and a clash is let pass:
-- servers that mangle the names in the catalogue say so only then.

-- Staging of orders: one row an order and batch, in the shape of the production table plus the stg_ columns.
-- stg_status: PENDING, API_SUCCESS, API_FAILED, PROMOTED.
IF OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[STG_MON_CustMasterSchedule] (
        [Title] NVARCHAR(MAX) NULL,
        [UpdateDate] NVARCHAR(MAX) NULL,
        [Group] NVARCHAR(MAX) NULL,
        [Subitems] NVARCHAR(MAX) NULL,
        [CUSTOMER] NVARCHAR(200) NULL,
        [AAG ORDER NUMBER] NVARCHAR(200) NULL,
        [AAG SEASON] NVARCHAR(200) NULL,
        [ORDER DATE PO RECEIVED] DATE NULL,
        [CUSTOMER SEASON] NVARCHAR(MAX) NULL,
        [DROP] NVARCHAR(MAX) NULL,
        [PO NUMBER] NVARCHAR(200) NULL,
        [CUSTOMER ALT PO] NVARCHAR(200) NULL,
        [STYLE] NVARCHAR(200) NULL,
        [STYLE DESCRIPTION] NVARCHAR(500) NULL,
        [ALIAS RELATED ITEM] NVARCHAR(200) NULL,
        [COLOR] NVARCHAR(200) NULL,
        [CATEGORY] NVARCHAR(MAX) NULL,
        [PATTERN ID] NVARCHAR(MAX) NULL,
        [UNIT OF MEASURE] NVARCHAR(MAX) NULL,
        [FCST QTY] BIGINT NULL,
        [FCST CONSUMED QTY] BIGINT NULL,
        [ORDER QTY] BIGINT NULL,
        [PACKED QTY] BIGINT NULL,
        [SHIPPED QTY] BIGINT NULL,
        [Net Demand] BIGINT NULL,
        [ORDER TYPE] NVARCHAR(MAX) NULL,
        [DESTINATION] NVARCHAR(MAX) NULL,
        [DESTINATION WAREHOUSE] NVARCHAR(MAX) NULL,
        [CUSTOMER REQ IN DC DATE] DATE NULL,
        [CUSTOMER EX FACTORY DATE] DATE NULL,
        [DELIVERY TERMS] NVARCHAR(MAX) NULL,
        [PLANNED DELIVERY METHOD] NVARCHAR(MAX) NULL,
        [NOTES] NVARCHAR(MAX) NULL,
        [CUSTOMER PRICE] FLOAT NULL,
        [USA ONLY LSTP 75% EX WORKS] FLOAT NULL,
        [EX WORKS (USD)] FLOAT NULL,
        [ADMINISTRATION FEE] FLOAT NULL,
        [DESIGN FEE] FLOAT NULL,
        [FX CHARGE] FLOAT NULL,
        [HANDLING] FLOAT NULL,
        [SURCHARGE FEE] FLOAT NULL,
        [DISCOUNT] FLOAT NULL,
        [FINAL FOB (USD)] FLOAT NULL,
        [HS CODE] NVARCHAR(MAX) NULL,
        [US DUTY RATE] FLOAT NULL,
        [US DUTY] FLOAT NULL,
        [FREIGHT] FLOAT NULL,
        [US TARIFF RATE] FLOAT NULL,
        [US TARIFF] FLOAT NULL,
        [DDP US (USD)] FLOAT NULL,
        [SMS PRICE USD] FLOAT NULL,
        [FINAL PRICES Y/N] NVARCHAR(MAX) NULL,
        [NOTES FOR PRICE] NVARCHAR(MAX) NULL,
        [Item ID] BIGINT NULL,
        [matchAlias] NVARCHAR(MAX) NULL,
        [PLANNING BOARD] NVARCHAR(MAX) NULL,
        [REQUESTED XFD STATUS] NVARCHAR(MAX) NULL,
        [EX-FTY (Change Request)] DATE NULL,
        [EX-FTY (Forecast)] DATE NULL,
        [EX-FTY (Partner PO)] DATE NULL,
        [EX-FTY (Revised LS)] DATE NULL,
        [PRODUCTION TYPE] NVARCHAR(MAX) NULL,
        [AQL INSPECTION] NVARCHAR(MAX) NULL,
        [AQL TYPE] NVARCHAR(MAX) NULL,
        [PLANNED CUT DATE] DATE NULL,
        [MO NUMBER] NVARCHAR(MAX) NULL,
        [PRODUCTION STATUS] NVARCHAR(MAX) NULL,
        [FACTORY COUNTRY] NVARCHAR(MAX) NULL,
        [FACTORY] NVARCHAR(MAX) NULL,
        [ALLOCATION STATUS] NVARCHAR(MAX) NULL,
        [PRODUCTION QTY] BIGINT NULL,
        [TRIM ETA DATE] DATE NULL,
        [FABRIC ETA DATE] DATE NULL,
        [TRIM STATUS] NVARCHAR(MAX) NULL,
        [ADD TO PLANNING] NVARCHAR(MAX) NULL,
        [FABRIC STATUS] NVARCHAR(MAX) NULL,
        [PPS STATUS] NVARCHAR(MAX) NULL,
        [PPS CMT DUE] DATE NULL,
        [PPS CMT RCV] DATE NULL,
        [REVENUE (FOB)] FLOAT NULL,
        [ORDER STATUS] NVARCHAR(MAX) NULL,
        [stg_id] BIGINT IDENTITY(1, 1) NOT NULL,
        [stg_batch_id] UNIQUEIDENTIFIER NOT NULL DEFAULT NEWID(),
        [stg_customer_batch] NVARCHAR(100) NULL,
        [stg_status] NVARCHAR(50) NULL DEFAULT N'PENDING',
        [stg_monday_item_id] BIGINT NULL,
        [stg_error_message] NVARCHAR(MAX) NULL,
        [stg_api_payload] NVARCHAR(MAX) NULL,
        [stg_retry_count] INT NULL DEFAULT 0,
        [stg_created_date] DATETIME2 NULL DEFAULT GETDATE(),
        [stg_processed_date] DATETIME2 NULL,
        [RANGE / COLLECTION] NVARCHAR(200) NULL,
        [source_uuid] UNIQUEIDENTIFIER NULL,
        CONSTRAINT [PK_STG_MON_CustMasterSchedule] PRIMARY KEY ([stg_id])
    );
END;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule]') AND name = N'IX_STG_MON_CustMasterSchedule_BatchId')
BEGIN TRY
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_BatchId]
        ON [dbo].[STG_MON_CustMasterSchedule] ([stg_batch_id]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule]') AND name = N'IX_STG_MON_CustMasterSchedule_Status')
BEGIN TRY
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_Status]
        ON [dbo].[STG_MON_CustMasterSchedule] ([stg_status]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule]') AND name = N'IX_STG_MON_CustMasterSchedule_CustomerBatch')
BEGIN TRY
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_CustomerBatch]
        ON [dbo].[STG_MON_CustMasterSchedule] ([stg_customer_batch]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule]') AND name = N'IX_STG_MON_CustMasterSchedule_OrderNumber')
BEGIN TRY
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_OrderNumber]
        ON [dbo].[STG_MON_CustMasterSchedule] ([AAG ORDER NUMBER]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule]') AND name = N'IX_STG_MON_CustMasterSchedule_source_uuid')
BEGIN TRY
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_source_uuid]
        ON [dbo].[STG_MON_CustMasterSchedule] ([source_uuid]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO

-- Staging of subitems: one row for each size of a staged order. Delete these before their orders: the key has no cascade.
IF OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule_Subitems]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[STG_MON_CustMasterSchedule_Subitems] (
        [parent_item_id] NVARCHAR(200) NULL,
        [subitem_id] NVARCHAR(200) NULL,
        [subitem_board_id] NVARCHAR(200) NULL,
        [Size] NVARCHAR(100) NULL,
        [Order Qty] NVARCHAR(MAX) NULL,
        [Cut Qty] NVARCHAR(MAX) NULL,
        [Sew Qty] NVARCHAR(MAX) NULL,
        [Finishing Qty] NVARCHAR(MAX) NULL,
        [Received not Shipped Qty] NVARCHAR(MAX) NULL,
        [Packed Qty] NVARCHAR(MAX) NULL,
        [Shipped Qty] NVARCHAR(MAX) NULL,
        [ORDER LINE STATUS] NVARCHAR(200) NULL,
        [Item ID] NVARCHAR(200) NULL,
        [stg_subitem_id] BIGINT IDENTITY(1, 1) NOT NULL,
        [stg_batch_id] UNIQUEIDENTIFIER NOT NULL,
        [stg_parent_stg_id] BIGINT NULL,
        [stg_customer_batch] NVARCHAR(100) NULL,
        [stg_status] NVARCHAR(50) NULL DEFAULT N'PENDING',
        [stg_monday_subitem_id] BIGINT NULL,
        [stg_monday_subitem_board_id] BIGINT NULL,
        [stg_error_message] NVARCHAR(MAX) NULL,
        [stg_api_payload] NVARCHAR(MAX) NULL,
        [stg_retry_count] INT NULL DEFAULT 0,
        [stg_created_date] DATETIME2 NULL DEFAULT GETDATE(),
        [stg_processed_date] DATETIME2 NULL,
        [stg_source_order_number] NVARCHAR(100) NULL,
        [stg_source_style] NVARCHAR(100) NULL,
        [stg_source_color] NVARCHAR(100) NULL,
        [stg_size_label] NVARCHAR(50) NULL,
        [stg_order_qty_numeric] BIGINT NULL,
        CONSTRAINT [PK_STG_MON_CustMasterSchedule_Subitems] PRIMARY KEY ([stg_subitem_id]),
        CONSTRAINT [FK_STG_Subitems_ParentStgId] FOREIGN KEY ([stg_parent_stg_id])
            REFERENCES [dbo].[STG_MON_CustMasterSchedule] ([stg_id])
    );
END;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule_Subitems]') AND name = N'IX_STG_MON_CustMasterSchedule_Subitems_BatchId')
BEGIN TRY
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_BatchId]
        ON [dbo].[STG_MON_CustMasterSchedule_Subitems] ([stg_batch_id]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule_Subitems]') AND name = N'IX_STG_MON_CustMasterSchedule_Subitems_Status')
BEGIN TRY
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_Status]
        ON [dbo].[STG_MON_CustMasterSchedule_Subitems] ([stg_status]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule_Subitems]') AND name = N'IX_STG_MON_CustMasterSchedule_Subitems_ParentId')
BEGIN TRY
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_ParentId]
        ON [dbo].[STG_MON_CustMasterSchedule_Subitems] ([stg_parent_stg_id]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[STG_MON_CustMasterSchedule_Subitems]') AND name = N'IX_STG_MON_CustMasterSchedule_Subitems_CustomerBatch')
BEGIN TRY
    CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_CustomerBatch]
        ON [dbo].[STG_MON_CustMasterSchedule_Subitems] ([stg_customer_batch]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO

-- Production: the orders that stand complete on the board. The predecessor gave it no key; ordersync adds order_key (V0002).
IF OBJECT_ID(N'[dbo].[MON_CustMasterSchedule]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[MON_CustMasterSchedule] (
        [Title] NVARCHAR(MAX) NULL,
        [UpdateDate] NVARCHAR(MAX) NULL,
        [Group] NVARCHAR(MAX) NULL,
        [Subitems] NVARCHAR(MAX) NULL,
        [CUSTOMER] NVARCHAR(MAX) NULL,
        [AAG ORDER NUMBER] NVARCHAR(MAX) NULL,
        [AAG SEASON] NVARCHAR(MAX) NULL,
        [ORDER DATE PO RECEIVED] DATE NULL,
        [CUSTOMER SEASON] NVARCHAR(MAX) NULL,
        [DROP] NVARCHAR(MAX) NULL,
        [PO NUMBER] NVARCHAR(MAX) NULL,
        [CUSTOMER ALT PO] NVARCHAR(MAX) NULL,
        [STYLE] NVARCHAR(MAX) NULL,
        [STYLE DESCRIPTION] NVARCHAR(MAX) NULL,
        [ALIAS RELATED ITEM] NVARCHAR(MAX) NULL,
        [COLOR] NVARCHAR(MAX) NULL,
        [CATEGORY] NVARCHAR(MAX) NULL,
        [PATTERN ID] NVARCHAR(MAX) NULL,
        [UNIT OF MEASURE] NVARCHAR(MAX) NULL,
        [FCST QTY] BIGINT NULL,
        [FCST CONSUMED QTY] BIGINT NULL,
        [ORDER QTY] BIGINT NULL,
        [PACKED QTY] BIGINT NULL,
        [SHIPPED QTY] BIGINT NULL,
        [Net Demand] BIGINT NULL,
        [ORDER TYPE] NVARCHAR(MAX) NULL,
        [DESTINATION] NVARCHAR(MAX) NULL,
        [DESTINATION WAREHOUSE] NVARCHAR(MAX) NULL,
        [CUSTOMER REQ IN DC DATE] DATE NULL,
        [CUSTOMER EX FACTORY DATE] DATE NULL,
        [DELIVERY TERMS] NVARCHAR(MAX) NULL,
        [PLANNED DELIVERY METHOD] NVARCHAR(MAX) NULL,
        [NOTES] NVARCHAR(MAX) NULL,
        [CUSTOMER PRICE] FLOAT NULL,
        [USA ONLY LSTP 75% EX WORKS] FLOAT NULL,
        [EX WORKS (USD)] FLOAT NULL,
        [ADMINISTRATION FEE] FLOAT NULL,
        [DESIGN FEE] FLOAT NULL,
        [FX CHARGE] FLOAT NULL,
        [HANDLING] FLOAT NULL,
        [SURCHARGE FEE] FLOAT NULL,
        [DISCOUNT] FLOAT NULL,
        [FINAL FOB (USD)] FLOAT NULL,
        [HS CODE] NVARCHAR(MAX) NULL,
        [US DUTY RATE] FLOAT NULL,
        [US DUTY] FLOAT NULL,
        [FREIGHT] FLOAT NULL,
        [US TARIFF RATE] FLOAT NULL,
        [US TARIFF] FLOAT NULL,
        [DDP US (USD)] FLOAT NULL,
        [SMS PRICE USD] FLOAT NULL,
        [FINAL PRICES Y/N] NVARCHAR(MAX) NULL,
        [NOTES FOR PRICE] NVARCHAR(MAX) NULL,
        [Item ID] BIGINT NULL,
        [matchAlias] NVARCHAR(MAX) NULL,
        [PLANNING BOARD] NVARCHAR(MAX) NULL,
        [REQUESTED XFD STATUS] NVARCHAR(MAX) NULL,
        [EX-FTY (Change Request)] DATE NULL,
        [EX-FTY (Forecast)] DATE NULL,
        [EX-FTY (Partner PO)] DATE NULL,
        [EX-FTY (Revised LS)] DATE NULL,
        [PRODUCTION TYPE] NVARCHAR(MAX) NULL,
        [AQL INSPECTION] NVARCHAR(MAX) NULL,
        [AQL TYPE] NVARCHAR(MAX) NULL,
        [PLANNED CUT DATE] DATE NULL,
        [MO NUMBER] NVARCHAR(MAX) NULL,
        [PRODUCTION STATUS] NVARCHAR(MAX) NULL,
        [FACTORY COUNTRY] NVARCHAR(MAX) NULL,
        [FACTORY] NVARCHAR(MAX) NULL,
        [ALLOCATION STATUS] NVARCHAR(MAX) NULL,
        [PRODUCTION QTY] BIGINT NULL,
        [TRIM ETA DATE] DATE NULL,
        [FABRIC ETA DATE] DATE NULL,
        [TRIM STATUS] NVARCHAR(MAX) NULL,
        [ADD TO PLANNING] NVARCHAR(MAX) NULL,
        [FABRIC STATUS] NVARCHAR(MAX) NULL,
        [PPS STATUS] NVARCHAR(MAX) NULL,
        [PPS CMT DUE] DATE NULL,
        [PPS CMT RCV] DATE NULL,
        [REVENUE (FOB)] FLOAT NULL,
        [ORDER STATUS] NVARCHAR(MAX) NULL
    );
END;
GO

-- Production: the size subitems of those orders. Every value is text, as the predecessor kept it.
IF OBJECT_ID(N'[dbo].[MON_CustMasterSchedule_Subitems]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[MON_CustMasterSchedule_Subitems] (
        [parent_item_id] NVARCHAR(MAX) NULL,
        [subitem_id] NVARCHAR(MAX) NULL,
        [subitem_board_id] NVARCHAR(MAX) NULL,
        [Size] NVARCHAR(MAX) NULL,
        [Order Qty] NVARCHAR(MAX) NULL,
        [Cut Qty] NVARCHAR(MAX) NULL,
        [Sew Qty] NVARCHAR(MAX) NULL,
        [Finishing Qty] NVARCHAR(MAX) NULL,
        [Received not Shipped Qty] NVARCHAR(MAX) NULL,
        [Packed Qty] NVARCHAR(MAX) NULL,
        [Shipped Qty] NVARCHAR(MAX) NULL,
        [ORDER LINE STATUS] NVARCHAR(MAX) NULL,
        [Item ID] NVARCHAR(MAX) NULL
    );
END;
GO

-- Orders that failed for good, with the reason and the whole order as JSON in original_data.
IF OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[ERR_MON_CustMasterSchedule] (
        [err_id] BIGINT IDENTITY(1, 1) NOT NULL,
        [original_stg_id] BIGINT NULL,
        [batch_id] UNIQUEIDENTIFIER NULL,
        [customer_batch] NVARCHAR(100) NULL,
        [order_number] NVARCHAR(100) NULL,
        [item_name] NVARCHAR(500) NULL,
        [group_name] NVARCHAR(200) NULL,
        [api_payload] NVARCHAR(MAX) NULL,
        [error_type] NVARCHAR(100) NULL,
        [error_message] NVARCHAR(MAX) NULL,
        [http_status_code] INT NULL,
        [retry_count] INT NULL DEFAULT 0,
        [max_retries_reached] BIT NULL DEFAULT 0,
        [created_date] DATETIME2 NULL DEFAULT GETDATE(),
        [last_retry_date] DATETIME2 NULL,
        [resolved_date] DATETIME2 NULL,
        [resolved_by] NVARCHAR(100) NULL,
        [original_data] NVARCHAR(MAX) NULL,
        CONSTRAINT [PK_ERR_MON_CustMasterSchedule] PRIMARY KEY ([err_id])
    );
END;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule]') AND name = N'IX_ERR_MON_CustMasterSchedule_BatchId')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_BatchId]
        ON [dbo].[ERR_MON_CustMasterSchedule] ([batch_id]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule]') AND name = N'IX_ERR_MON_CustMasterSchedule_ErrorType')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_ErrorType]
        ON [dbo].[ERR_MON_CustMasterSchedule] ([error_type]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule]') AND name = N'IX_ERR_MON_CustMasterSchedule_CustomerBatch')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_CustomerBatch]
        ON [dbo].[ERR_MON_CustMasterSchedule] ([customer_batch]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule]') AND name = N'IX_ERR_MON_CustMasterSchedule_RetryEligible')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_RetryEligible]
        ON [dbo].[ERR_MON_CustMasterSchedule] ([max_retries_reached]) WHERE [max_retries_reached] = 0;
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO

-- Subitems that failed for good.
IF OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule_Subitems]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[ERR_MON_CustMasterSchedule_Subitems] (
        [err_id] BIGINT IDENTITY(1, 1) NOT NULL,
        [original_stg_subitem_id] BIGINT NULL,
        [parent_item_id] BIGINT NULL,
        [batch_id] UNIQUEIDENTIFIER NULL,
        [customer_batch] NVARCHAR(100) NULL,
        [order_number] NVARCHAR(100) NULL,
        [size_label] NVARCHAR(50) NULL,
        [order_qty] BIGINT NULL,
        [subitem_name] NVARCHAR(200) NULL,
        [api_payload] NVARCHAR(MAX) NULL,
        [error_type] NVARCHAR(100) NULL,
        [error_message] NVARCHAR(MAX) NULL,
        [http_status_code] INT NULL,
        [retry_count] INT NULL DEFAULT 0,
        [max_retries_reached] BIT NULL DEFAULT 0,
        [created_date] DATETIME2 NULL DEFAULT GETDATE(),
        [last_retry_date] DATETIME2 NULL,
        [resolved_date] DATETIME2 NULL,
        [resolved_by] NVARCHAR(100) NULL,
        [original_data] NVARCHAR(MAX) NULL,
        CONSTRAINT [PK_ERR_MON_CustMasterSchedule_Subitems] PRIMARY KEY ([err_id])
    );
END;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule_Subitems]') AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_BatchId')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_BatchId]
        ON [dbo].[ERR_MON_CustMasterSchedule_Subitems] ([batch_id]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule_Subitems]') AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_ErrorType')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_ErrorType]
        ON [dbo].[ERR_MON_CustMasterSchedule_Subitems] ([error_type]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule_Subitems]') AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_ParentId')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_ParentId]
        ON [dbo].[ERR_MON_CustMasterSchedule_Subitems] ([parent_item_id]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule_Subitems]') AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_CustomerBatch')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_CustomerBatch]
        ON [dbo].[ERR_MON_CustMasterSchedule_Subitems] ([customer_batch]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[ERR_MON_CustMasterSchedule_Subitems]') AND name = N'IX_ERR_MON_CustMasterSchedule_Subitems_RetryEligible')
BEGIN TRY
    CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_RetryEligible]
        ON [dbo].[ERR_MON_CustMasterSchedule_Subitems] ([max_retries_reached]) WHERE [max_retries_reached] = 0;
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO

-- One row a batch. Counters count orders only; end_time is set for every final status:
-- COMPLETED, COMPLETED_WITH_ERRORS, NO_RECORDS, FAILED.
IF OBJECT_ID(N'[dbo].[MON_BatchProcessing]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[MON_BatchProcessing] (
        [batch_id] UNIQUEIDENTIFIER NOT NULL DEFAULT NEWID(),
        [customer_name] NVARCHAR(100) NOT NULL,
        [batch_type] NVARCHAR(50) NOT NULL,
        [status] NVARCHAR(50) NULL DEFAULT N'STARTED',
        [total_records] INT NULL,
        [successful_records] INT NULL,
        [failed_records] INT NULL,
        [start_time] DATETIME2 NULL DEFAULT GETDATE(),
        [end_time] DATETIME2 NULL,
        [duration_seconds] AS DATEDIFF(SECOND, [start_time], [end_time]),
        [error_summary] NVARCHAR(MAX) NULL,
        [processing_notes] NVARCHAR(MAX) NULL,
        [orders_processed] INT NULL,
        [subitems_processed] INT NULL,
        [api_calls_made] INT NULL,
        [api_failures] INT NULL,
        [retries_attempted] INT NULL,
        [staging_load_completed] DATETIME2 NULL,
        [items_creation_completed] DATETIME2 NULL,
        [subitems_creation_completed] DATETIME2 NULL,
        [promotion_completed] DATETIME2 NULL,
        [cleanup_completed] DATETIME2 NULL,
        [started_by] NVARCHAR(100) NULL DEFAULT SYSTEM_USER,
        [completed_by] NVARCHAR(100) NULL,
        [config_snapshot] NVARCHAR(MAX) NULL,
        CONSTRAINT [PK_MON_BatchProcessing] PRIMARY KEY ([batch_id])
    );
END;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[MON_BatchProcessing]') AND name = N'IX_MON_BatchProcessing_Customer')
BEGIN TRY
    CREATE INDEX [IX_MON_BatchProcessing_Customer]
        ON [dbo].[MON_BatchProcessing] ([customer_name]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[MON_BatchProcessing]') AND name = N'IX_MON_BatchProcessing_Status')
BEGIN TRY
    CREATE INDEX [IX_MON_BatchProcessing_Status]
        ON [dbo].[MON_BatchProcessing] ([status]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[MON_BatchProcessing]') AND name = N'IX_MON_BatchProcessing_StartTime')
BEGIN TRY
    CREATE INDEX [IX_MON_BatchProcessing_StartTime]
        ON [dbo].[MON_BatchProcessing] ([start_time]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO
IF NOT EXISTS (SELECT 1 FROM sys.indexes
    WHERE object_id = OBJECT_ID(N'[dbo].[MON_BatchProcessing]') AND name = N'IX_MON_BatchProcessing_BatchType')
BEGIN TRY
    CREATE INDEX [IX_MON_BatchProcessing_BatchType]
        ON [dbo].[MON_BatchProcessing] ([batch_type]);
END TRY
BEGIN CATCH
    IF ERROR_MESSAGE() NOT LIKE N'%already exists%' THROW;
END CATCH;
GO

-- The predecessor's cache of board groups; kept for its reports.
IF OBJECT_ID(N'[dbo].[MON_Boards_Groups]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[MON_Boards_Groups] (
        [board_id] NVARCHAR(20) NOT NULL,
        [board_name] NVARCHAR(255) NOT NULL,
        [group_id] NVARCHAR(50) NOT NULL,
        [group_title] NVARCHAR(255) NOT NULL,
        [created_date] DATETIME2 NOT NULL DEFAULT GETDATE(),
        [updated_date] DATETIME2 NOT NULL DEFAULT GETDATE(),
        [is_active] BIT NOT NULL DEFAULT 1,
        CONSTRAINT [PK_MON_Boards_Groups] PRIMARY KEY ([board_id], [group_id])
    );
END;
GO

-- The predecessor's hash baseline of the source. ordersync compares with its journal instead and never touches it.
IF OBJECT_ID(N'[dbo].[ORDERS_UNIFIED_SNAPSHOT]', N'U') IS NULL
BEGIN
    CREATE TABLE [dbo].[ORDERS_UNIFIED_SNAPSHOT] (
        [record_uuid] UNIQUEIDENTIFIER NOT NULL,
        [row_hash] NVARCHAR(64) NOT NULL,
        [AAG ORDER NUMBER] NVARCHAR(255) NOT NULL,
        [CUSTOMER NAME] NVARCHAR(255) NULL,
        [CUSTOMER STYLE] NVARCHAR(255) NULL,
        [CUSTOMER COLOUR DESCRIPTION] NVARCHAR(255) NULL,
        [PO NUMBER] NVARCHAR(255) NULL,
        [CUSTOMER ALT PO] NVARCHAR(255) NULL,
        [ACTIVE] NVARCHAR(10) NULL,
        [snapshot_date] DATETIME2 NOT NULL DEFAULT GETDATE(),
        [customer_filter] NVARCHAR(255) NOT NULL DEFAULT N'ALL',
        [batch_id] UNIQUEIDENTIFIER NULL,
        [records_count] INT NULL,
        [parquet_archive_id] BIGINT NULL,
        CONSTRAINT [PK_ORDERS_UNIFIED_SNAPSHOT] PRIMARY KEY ([record_uuid])
    );
END;
GO
