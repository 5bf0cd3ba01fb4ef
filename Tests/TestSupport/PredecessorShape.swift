import Foundation

/// The predecessor's tables as a database has them before ordersync is there.
package enum PredecessorShape: String, CaseIterable, Sendable {
    /// As they were handed over (`sql/…/V0001`): text without bound, FLOAT and DATE.
    case handover
    /// As a later deployment had them: production with text of 255 characters, decimals, and dates as text, in another order; the
    /// staging table of subitems with a key of another name, narrow columns and columns that must be filled; the staging table of
    /// orders with eight columns more.
    case deployed

    /// The tables that both have, in the order in which rows may go in.
    package static let tables = [
        "MON_CustMasterSchedule", "MON_CustMasterSchedule_Subitems", "STG_MON_CustMasterSchedule",
        "STG_MON_CustMasterSchedule_Subitems", "ERR_MON_CustMasterSchedule", "ERR_MON_CustMasterSchedule_Subitems",
        "MON_BatchProcessing",
    ]

    /// The statements that make the tables.
    package func statements(onServer: Bool) throws -> [String] {
        let first = try Self.handedOver(onServer: onServer)
        return self == .handover ? first : first + Self.changes(onServer: onServer)
    }

    private static func handedOver(onServer: Bool) throws -> [String] {
        let file =
            onServer ? "sqlserver/V0001_sqlserver_predecessor_tables" : "sqlite/V0001_sqlite_predecessor_tables"
        let script = try String(contentsOfFile: Project.path("sql/\(file).sql"), encoding: .utf8)
        let code = script.split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n") + "\n"
        return code.components(separatedBy: onServer ? "\nGO\n" : ";\n").filter { !$0.allSatisfy(\.isWhitespace) }
    }

    /// What the later deployment did to the tables of the first.
    private static func changes(onServer: Bool) -> [String] {
        let max = onServer ? "NVARCHAR(MAX)" : "TEXT"
        let orders = [
            ("board_id", "BIGINT"), ("update_operation", "VARCHAR(50) DEFAULT 'CREATE'"), ("update_fields", max),
            ("source_table", "VARCHAR(100)"), ("source_query", max), ("update_batch_id", "VARCHAR(50)"),
            ("validation_status", "VARCHAR(20) DEFAULT 'PENDING'"), ("validation_errors", max),
        ]
        let staged = "STG_MON_CustMasterSchedule_Subitems"
        return orders.map { #"ALTER TABLE "STG_MON_CustMasterSchedule" ADD "\#($0)" \#($1)"# } + [
            #"DROP TABLE "\#(staged)""#, self.table(staged, self.stagedSubitems(onServer: onServer)),
            #"CREATE INDEX "IX_\#(staged)_BatchId" ON "\#(staged)" ("stg_batch_id")"#,
            #"CREATE INDEX "IX_\#(staged)_AAGOrder" ON "\#(staged)" ("AAG_ORDER_NUMBER")"#,
            #"DROP TABLE "MON_CustMasterSchedule""#, self.table("MON_CustMasterSchedule", self.production),
        ]
    }

    private static func table(_ name: String, _ columns: [(String, String)]) -> String {
        "CREATE TABLE \"\(name)\" (\(columns.map { "\"\($0)\" \($1)" }.joined(separator: ", ")))"
    }

    /// The columns of the later production table that are decimals; the other numbers are text there.
    package static let decimals: Set<String> = [
        "QTY ORDERED", "QTY PACKED", "QTY SHIPPED", "CUSTOMER PRICE", "USA ONLY LSTP 75% EX WORKS", "EX WORKS (USD)",
        "ADMINISTRATION FEE", "DESIGN FEE", "FX CHARGE", "SURCHARGE FEE", "DISCOUNT", "FINAL FOB (USD)",
        "US DUTY RATE", "US DUTY", "US TARIFF RATE", "US TARIFF", "DDP US (USD)", "SMS PRICE USD", "PRODUCTION QTY",
        "FCST QTY", "FCST CONSUMED QTY",
    ]

    private static let production: [(String, String)] = [
        "Title", "UpdateDate", "Group", "Item ID", "Subitems", "ORDER TYPE", "QTY ORDERED", "QTY PACKED",
        "QTY SHIPPED", "CUSTOMER", "AAG ORDER NUMBER", "AAG SEASON", "CUSTOMER SEASON", "ORDER DATE PO RECEIVED",
        "DROP", "PO NUMBER", "CUSTOMER ALT PO", "STYLE", "PATTERN ID", "ALIAS RELATED ITEM", "STYLE DESCRIPTION",
        "COLOR", "CATEGORY", "UNIT OF MEASURE", "DESTINATION", "DESTINATION WAREHOUSE", "CUSTOMER REQ IN DC DATE",
        "CUSTOMER EX FACTORY DATE", "DELIVERY TERMS", "PLANNED DELIVERY METHOD", "NOTES", "CUSTOMER PRICE",
        "USA ONLY LSTP 75% EX WORKS", "EX WORKS (USD)", "ADMINISTRATION FEE", "DESIGN FEE", "FX CHARGE", "HANDLING",
        "SURCHARGE FEE", "DISCOUNT", "FINAL FOB (USD)", "HS CODE", "US DUTY RATE", "US DUTY", "FREIGHT",
        "US TARIFF RATE", "US TARIFF", "DDP US (USD)", "SMS PRICE USD", "FINAL PRICES Y/N", "NOTES FOR PRICE",
        "matchAlias", "PLANNING BOARD", "EX-FTY (Change Request)", "REQUESTED XFD STATUS", "EX-FTY (Forecast)",
        "EX-FTY (Partner PO)", "EX-FTY (Revised LS)", "PRODUCTION TYPE", "AQL INSPECTION", "AQL TYPE",
        "PLANNED CUT DATE", "MO NUMBER", "PRODUCTION STATUS", "FACTORY COUNTRY", "FACTORY", "ALLOCATION STATUS",
        "PRODUCTION QTY", "TRIM ETA DATE", "FABRIC ETA DATE", "TRIM STATUS", "FABRIC STATUS", "ORDER STATUS",
        "FCST QTY", "FCST CONSUMED QTY", "Net Demand", "REVENUE (FOB)", "ADD TO PLANNING", "ORDER QTY", "PACKED QTY",
        "SHIPPED QTY", "PPS CMT DUE", "PPS CMT RCV", "PPS STATUS", "RANGE / COLLECTION", "Last updated",
    ].map { name in
        (name, name == "Item ID" ? "BIGINT" : Self.decimals.contains(name) ? "DECIMAL(18, 4)" : "NVARCHAR(255)")
    }

    private static func stagedSubitems(onServer: Bool) -> [(String, String)] {
        // A constraint of this name is one of the new table's too.
        let key =
            onServer
            ? "BIGINT NOT NULL CONSTRAINT [PK_STG_MON_CustMasterSchedule_Subitems] PRIMARY KEY" : "BIGINT NOT NULL"
        let now = onServer ? "DATETIME2 NOT NULL DEFAULT GETDATE()" : "TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP"
        let max = onServer ? "NVARCHAR(MAX)" : "TEXT"
        return [
            ("stg_id", key), ("stg_batch_id", "NVARCHAR(36) NOT NULL"), ("stg_parent_stg_id", "BIGINT"),
            ("stg_status", "NVARCHAR(20) NOT NULL DEFAULT 'PENDING'"), ("stg_created_date", now),
            ("stg_processed_date", onServer ? "DATETIME2" : "TEXT"), ("stg_monday_subitem_id", "BIGINT"),
            ("stg_monday_parent_item_id", "BIGINT"), ("stg_error_message", max),
            ("stg_retry_count", "INT NOT NULL DEFAULT 0"), ("stg_api_payload", max),
            ("AAG_ORDER_NUMBER", "NVARCHAR(50)"), ("STYLE", "NVARCHAR(100)"), ("COLOR", "NVARCHAR(100)"),
            ("PO_NUMBER", "NVARCHAR(50)"), ("CUSTOMER_ALT_PO", "NVARCHAR(50)"), ("CUSTOMER", "NVARCHAR(100)"),
            ("Size", "NVARCHAR(10) NOT NULL"), ("ORDER_QTY", "DECIMAL(18, 2) NOT NULL"),
            ("UNIT_OF_MEASURE", "NVARCHAR(20)"), ("source_uuid", onServer ? "UNIQUEIDENTIFIER" : "TEXT"),
            ("stg_size_label", "NVARCHAR(100)"), ("stg_monday_subitem_board_id", "BIGINT"), ("Order Qty", max),
            ("Shipped Qty", max), ("Packed Qty", max), ("Cut Qty", max), ("Sew Qty", max), ("Finishing Qty", max),
            ("Received not Shipped Qty", max), ("ORDER LINE STATUS", "NVARCHAR(200)"), ("Item ID", "NVARCHAR(200)"),
        ]
    }
}

extension PredecessorShape {
    /// Rows that the predecessor left: an order with a size that it brought to production, and one that it failed at.
    package var rows: [String] {
        let batch = "5b0d1a3e-7c44-4f0f-9a57-2f4a1f5f9d11"
        // Numbers and days in the way of each shape: as text they are whatever people typed.
        let (freight, day) = self == .handover ? ("2.5", "2024-11-05") : ("collect", "11/5/2024")
        let subitem =
            self == .handover
            ? #"("stg_batch_id", "stg_parent_stg_id", "Size", "Order Qty", "stg_status") VALUES ('\#(batch)', 1, 'XL', '12', 'API_FAILED')"#
            : #"("stg_id", "stg_batch_id", "stg_parent_stg_id", "Size", "ORDER_QTY") VALUES (41, '\#(batch)', 1, 'XL', 12.5)"#
        return [
            #"""
            INSERT INTO "MON_CustMasterSchedule" ("Title", "Group", "Item ID", "CUSTOMER", "AAG ORDER NUMBER", "PO NUMBER",
                "CUSTOMER PRICE", "FREIGHT", "ORDER DATE PO RECEIVED", "PPS STATUS", "ORDER QTY")
            VALUES ('OLD ONE', 'GREYSON CLOTHIERS 2024 FALL', 7, 'GREYSON', 'GRE-00001', '4755', 12.3456, '\#(freight)',
                '\#(day)', 'SENT', '12')
            """#,
            #"INSERT INTO "MON_CustMasterSchedule" ("Title") VALUES ('OLD TWO')"#,
            #"""
            INSERT INTO "MON_CustMasterSchedule_Subitems" ("parent_item_id", "subitem_id", "Size", "Order Qty", "Cut Qty")
            VALUES ('7', '71', 'XL', '12', '3')
            """#,
            #"""
            INSERT INTO "STG_MON_CustMasterSchedule" ("Title", "stg_batch_id", "stg_status", "stg_created_date")
            VALUES ('OLD ONE', '\#(batch)', 'API_FAILED', '2024-11-05 10:00:00.000')
            """#,
            #"INSERT INTO "STG_MON_CustMasterSchedule_Subitems" \#(subitem)"#,
            #"""
            INSERT INTO "ERR_MON_CustMasterSchedule" ("batch_id", "order_number", "error_type", "error_message", "created_date")
            VALUES ('\#(batch)', 'GRE-00002', 'API_ERROR', 'no such label', '2024-11-05 10:00:00.000')
            """#,
            #"""
            INSERT INTO "ERR_MON_CustMasterSchedule_Subitems" ("batch_id", "order_number", "size_label", "order_qty", "created_date")
            VALUES ('\#(batch)', 'GRE-00002', 'XL', 12, '2024-11-05 10:00:00.000')
            """#,
            #"""
            INSERT INTO "MON_BatchProcessing" ("batch_id", "customer_name", "batch_type", "status", "total_records", "start_time")
            VALUES ('\#(batch)', 'GREYSON_CLOTHIERS_PO_4755', 'ORDERS', 'ITEMS_CREATED', 2, '2024-11-05 10:00:00.000')
            """#,
        ]
    }
}
