@testable import Warehouse

/// The tables as a later deployment of the predecessor had them, beside the shape of its first one (`sql/…/V0001`).
///
/// Production with text of 255 characters, decimals, and dates as text, in another order; the staging table of subitems with a key
/// of another name, narrow columns and columns that must be filled; the staging table of orders with eight columns more.
enum DeployedShape {
    static func script(_ dialect: Dialect) -> [String] {
        let server = dialect == .sqlServer
        let identity = server ? "BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY" : "INTEGER PRIMARY KEY"
        let key =
            server
            ? "BIGINT NOT NULL CONSTRAINT [PK_STG_MON_CustMasterSchedule_Subitems] PRIMARY KEY" : "BIGINT NOT NULL"
        let max = server ? "NVARCHAR(MAX)" : "TEXT"
        return [
            self.table("MON_CustMasterSchedule", self.production),
            self.table("STG_MON_CustMasterSchedule", self.stagedOrders(identity: identity, max: max)),
            self.table("STG_MON_CustMasterSchedule_Subitems", self.stagedSubitems(key: key, max: max)),
        ]
    }

    private static func table(_ name: String, _ columns: [(String, String)]) -> String {
        "CREATE TABLE \"\(name)\" (\(columns.map { "\"\($0)\" \($1)" }.joined(separator: ", ")))"
    }

    private static let production: [(String, String)] = {
        let decimals: Set<String> = [
            "QTY ORDERED", "QTY PACKED", "QTY SHIPPED", "CUSTOMER PRICE", "USA ONLY LSTP 75% EX WORKS",
            "EX WORKS (USD)",
            "ADMINISTRATION FEE", "DESIGN FEE", "FX CHARGE", "SURCHARGE FEE", "DISCOUNT", "FINAL FOB (USD)",
            "US DUTY RATE",
            "US DUTY", "US TARIFF RATE", "US TARIFF", "DDP US (USD)", "SMS PRICE USD", "PRODUCTION QTY", "FCST QTY",
            "FCST CONSUMED QTY",
        ]
        return [
            "Title", "UpdateDate", "Group", "Item ID", "Subitems", "ORDER TYPE", "QTY ORDERED", "QTY PACKED",
            "QTY SHIPPED",
            "CUSTOMER", "AAG ORDER NUMBER", "AAG SEASON", "CUSTOMER SEASON", "ORDER DATE PO RECEIVED", "DROP",
            "PO NUMBER",
            "CUSTOMER ALT PO", "STYLE", "PATTERN ID", "ALIAS RELATED ITEM", "STYLE DESCRIPTION", "COLOR", "CATEGORY",
            "UNIT OF MEASURE", "DESTINATION", "DESTINATION WAREHOUSE", "CUSTOMER REQ IN DC DATE",
            "CUSTOMER EX FACTORY DATE",
            "DELIVERY TERMS", "PLANNED DELIVERY METHOD", "NOTES", "CUSTOMER PRICE", "USA ONLY LSTP 75% EX WORKS",
            "EX WORKS (USD)", "ADMINISTRATION FEE", "DESIGN FEE", "FX CHARGE", "HANDLING", "SURCHARGE FEE", "DISCOUNT",
            "FINAL FOB (USD)", "HS CODE", "US DUTY RATE", "US DUTY", "FREIGHT", "US TARIFF RATE", "US TARIFF",
            "DDP US (USD)",
            "SMS PRICE USD", "FINAL PRICES Y/N", "NOTES FOR PRICE", "matchAlias", "PLANNING BOARD",
            "EX-FTY (Change Request)",
            "REQUESTED XFD STATUS", "EX-FTY (Forecast)", "EX-FTY (Partner PO)", "EX-FTY (Revised LS)",
            "PRODUCTION TYPE",
            "AQL INSPECTION", "AQL TYPE", "PLANNED CUT DATE", "MO NUMBER", "PRODUCTION STATUS", "FACTORY COUNTRY",
            "FACTORY",
            "ALLOCATION STATUS", "PRODUCTION QTY", "TRIM ETA DATE", "FABRIC ETA DATE", "TRIM STATUS", "FABRIC STATUS",
            "ORDER STATUS", "FCST QTY", "FCST CONSUMED QTY", "Net Demand", "REVENUE (FOB)", "ADD TO PLANNING",
            "ORDER QTY",
            "PACKED QTY", "SHIPPED QTY", "PPS CMT DUE", "PPS CMT RCV", "PPS STATUS", "RANGE / COLLECTION",
            "Last updated",
        ].map { name in
            (name, name == "Item ID" ? "BIGINT" : decimals.contains(name) ? "DECIMAL(18, 4)" : "NVARCHAR(255)")
        }
    }()

    /// The first shape's columns, and those that a later one added.
    private static func stagedOrders(identity: String, max: String) -> [(String, String)] {
        var columns: [(String, String)] = []
        for statement in Migration.all(max == "TEXT" ? .sqlite : .sqlServer)[0].statements {
            guard case .table("STG_MON_CustMasterSchedule", let first) = statement.change else { continue }
            columns = first.map { ($0.name, $0.name == "stg_id" ? identity : $0.definition) }
        }
        return columns + [
            ("board_id", "BIGINT"), ("update_operation", "VARCHAR(50) DEFAULT 'CREATE'"), ("update_fields", max),
            ("source_table", "VARCHAR(100)"), ("source_query", max), ("update_batch_id", "VARCHAR(50)"),
            ("validation_status", "VARCHAR(20) DEFAULT 'PENDING'"), ("validation_errors", max),
        ]
    }

    private static func stagedSubitems(key: String, max: String) -> [(String, String)] {
        [
            ("stg_id", key), ("stg_batch_id", "NVARCHAR(36) NOT NULL"), ("stg_parent_stg_id", "BIGINT"),
            ("stg_status", "NVARCHAR(20) NOT NULL DEFAULT 'PENDING'"), ("stg_created_date", "DATETIME"),
            ("stg_processed_date", "DATETIME"), ("stg_monday_subitem_id", "BIGINT"),
            ("stg_monday_parent_item_id", "BIGINT"), ("stg_error_message", max),
            ("stg_retry_count", "INT NOT NULL DEFAULT 0"),
            ("stg_api_payload", max), ("AAG_ORDER_NUMBER", "NVARCHAR(50)"), ("STYLE", "NVARCHAR(100)"),
            ("COLOR", "NVARCHAR(100)"), ("PO_NUMBER", "NVARCHAR(50)"), ("CUSTOMER_ALT_PO", "NVARCHAR(50)"),
            ("CUSTOMER", "NVARCHAR(100)"), ("Size", "NVARCHAR(10) NOT NULL"), ("ORDER_QTY", "DECIMAL(18, 2) NOT NULL"),
            ("UNIT_OF_MEASURE", "NVARCHAR(20)"), ("source_uuid", max == "TEXT" ? "TEXT" : "UNIQUEIDENTIFIER"),
            ("stg_size_label", "NVARCHAR(100)"), ("stg_monday_subitem_board_id", "BIGINT"), ("Order Qty", max),
            ("Shipped Qty", max), ("Packed Qty", max), ("Cut Qty", max), ("Sew Qty", max), ("Finishing Qty", max),
            ("Received not Shipped Qty", max), ("ORDER LINE STATUS", "NVARCHAR(200)"), ("Item ID", "NVARCHAR(200)"),
        ]
    }
}
