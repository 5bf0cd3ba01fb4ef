-- What ordersync adds to the predecessor's tables, and its own two. Only additions: no column or row of the predecessor changes.
-- order_key    the order's name for life, as it stands in the journal and on the board (lower-case text of a UUID)
-- source_hash  SHA-256 over the values as they were written to the board (hexadecimal)
-- change_type  NEW or CHANGED as detection found it; in production also ARCHIVED or ZEROED, what became of an order that is gone
-- key_digest   SHA-256 of order number, customer, style and colour as the source has them (hexadecimal), and source_customer the
--              customer's name there: by these a lost ledger finds its rows in the source again
-- error_key    names one failure of one job, so that writing it twice gives one row
-- SQLite has no ADD COLUMN IF NOT EXISTS: `ordersyncd migrate` asks the catalogue and leaves out what is there.

ALTER TABLE "STG_MON_CustMasterSchedule" ADD COLUMN "order_key" TEXT;
ALTER TABLE "STG_MON_CustMasterSchedule" ADD COLUMN "source_hash" TEXT;
ALTER TABLE "STG_MON_CustMasterSchedule" ADD COLUMN "change_type" TEXT;
ALTER TABLE "STG_MON_CustMasterSchedule" ADD COLUMN "key_digest" TEXT;
ALTER TABLE "STG_MON_CustMasterSchedule" ADD COLUMN "source_customer" TEXT;

ALTER TABLE "STG_MON_CustMasterSchedule_Subitems" ADD COLUMN "order_key" TEXT;

ALTER TABLE "MON_CustMasterSchedule" ADD COLUMN "order_key" TEXT;
ALTER TABLE "MON_CustMasterSchedule" ADD COLUMN "source_hash" TEXT;
ALTER TABLE "MON_CustMasterSchedule" ADD COLUMN "change_type" TEXT;
ALTER TABLE "MON_CustMasterSchedule" ADD COLUMN "key_digest" TEXT;
ALTER TABLE "MON_CustMasterSchedule" ADD COLUMN "source_customer" TEXT;
ALTER TABLE "MON_CustMasterSchedule" ADD COLUMN "source_uuid" TEXT;
ALTER TABLE "MON_CustMasterSchedule" ADD COLUMN "RANGE / COLLECTION" TEXT;
ALTER TABLE "MON_CustMasterSchedule" ADD COLUMN "board_id" INTEGER;
ALTER TABLE "MON_CustMasterSchedule" ADD COLUMN "batch_id" TEXT;
ALTER TABLE "MON_CustMasterSchedule" ADD COLUMN "synced_at" TEXT;

ALTER TABLE "MON_CustMasterSchedule_Subitems" ADD COLUMN "order_key" TEXT;
ALTER TABLE "MON_CustMasterSchedule_Subitems" ADD COLUMN "size_label" TEXT;
ALTER TABLE "MON_CustMasterSchedule_Subitems" ADD COLUMN "synced_at" TEXT;

ALTER TABLE "ERR_MON_CustMasterSchedule" ADD COLUMN "error_key" TEXT;
ALTER TABLE "ERR_MON_CustMasterSchedule" ADD COLUMN "order_key" TEXT;
ALTER TABLE "ERR_MON_CustMasterSchedule" ADD COLUMN "job_id" INTEGER;

ALTER TABLE "ERR_MON_CustMasterSchedule_Subitems" ADD COLUMN "error_key" TEXT;
ALTER TABLE "ERR_MON_CustMasterSchedule_Subitems" ADD COLUMN "order_key" TEXT;
ALTER TABLE "ERR_MON_CustMasterSchedule_Subitems" ADD COLUMN "job_id" INTEGER;

-- An order is staged once a batch: staging again after a crash finds its own rows by this.
CREATE UNIQUE INDEX IF NOT EXISTS "IX_STG_MON_CustMasterSchedule_BatchOrderKey"
    ON "STG_MON_CustMasterSchedule" ("stg_batch_id", "order_key") WHERE "order_key" IS NOT NULL;
-- A size is staged once an order and batch.
CREATE UNIQUE INDEX IF NOT EXISTS "IX_STG_MON_CustMasterSchedule_Subitems_BatchOrderKey"
    ON "STG_MON_CustMasterSchedule_Subitems" ("stg_batch_id", "order_key", "stg_size_label") WHERE "order_key" IS NOT NULL;
-- Nothing stopped a duplicate promotion before: one production row an order key.
CREATE UNIQUE INDEX IF NOT EXISTS "IX_MON_CustMasterSchedule_order_key"
    ON "MON_CustMasterSchedule" ("order_key") WHERE "order_key" IS NOT NULL;
-- Cutover and reports look orders up by their item.
CREATE INDEX IF NOT EXISTS "IX_MON_CustMasterSchedule_ItemId"
    ON "MON_CustMasterSchedule" ("Item ID");
-- One production row a size of an order; size_label repeats Size, which SQL Server cannot index.
CREATE UNIQUE INDEX IF NOT EXISTS "IX_MON_CustMasterSchedule_Subitems_order_key"
    ON "MON_CustMasterSchedule_Subitems" ("order_key", "size_label") WHERE "order_key" IS NOT NULL;
-- One row a failure, however often it is written.
CREATE UNIQUE INDEX IF NOT EXISTS "IX_ERR_MON_CustMasterSchedule_error_key"
    ON "ERR_MON_CustMasterSchedule" ("error_key") WHERE "error_key" IS NOT NULL;
-- A replay that succeeds resolves the rows of its order.
CREATE INDEX IF NOT EXISTS "IX_ERR_MON_CustMasterSchedule_order_key"
    ON "ERR_MON_CustMasterSchedule" ("order_key") WHERE "order_key" IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS "IX_ERR_MON_CustMasterSchedule_Subitems_error_key"
    ON "ERR_MON_CustMasterSchedule_Subitems" ("error_key") WHERE "error_key" IS NOT NULL;
CREATE INDEX IF NOT EXISTS "IX_ERR_MON_CustMasterSchedule_Subitems_order_key"
    ON "ERR_MON_CustMasterSchedule_Subitems" ("order_key") WHERE "order_key" IS NOT NULL;

-- One row a board: which journal wrote last, and how far it was. Compared and written in the transactions that open a batch and that
-- promote it, so that a lost, restored, rolled-back or copied journal is noticed before it creates an order twice.
-- epoch_token  by chance at every start of the daemon: copies of a journal count their starts alike
-- stamp        by chance at every write: a copy that runs on within one start is told by it
CREATE TABLE IF NOT EXISTS "ordersync_guard" (
    "board_id" INTEGER PRIMARY KEY,
    "journal_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "last_effect" INTEGER NOT NULL,
    "updated_at" TEXT NOT NULL,
    "epoch_token" TEXT,
    "stamp" TEXT
);

-- Which of these files have run here.
CREATE TABLE IF NOT EXISTS "ordersync_migration" (
    "version" INTEGER PRIMARY KEY,
    "name" TEXT NOT NULL,
    "applied_at" TEXT NOT NULL
);
