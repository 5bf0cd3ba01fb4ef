/// The names of the warehouse's tables.
enum Table {
    static let stagedOrders = "STG_MON_CustMasterSchedule"
    static let stagedSubitems = "STG_MON_CustMasterSchedule_Subitems"
    static let orders = "MON_CustMasterSchedule"
    static let subitems = "MON_CustMasterSchedule_Subitems"
    static let orderErrors = "ERR_MON_CustMasterSchedule"
    static let subitemErrors = "ERR_MON_CustMasterSchedule_Subitems"
    static let batches = "MON_BatchProcessing"
    static let guardRows = "ordersync_guard"
    static let migrations = "ordersync_migration"

    /// The tables without which nothing works.
    static let required = [
        stagedOrders, stagedSubitems, orders, subitems, orderErrors, subitemErrors, batches, guardRows,
    ]
}
