import ArgumentParser
import Warehouse

/// Which orders a run is about.
struct FilterOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Only orders of this customer, as the source names it. Repeatable.", valueName: "name")
    )
    var customer: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Only orders of this purchase order; 4755 is not 47551. Repeatable.", valueName: "number")
    )
    var po: [String] = []

    @Option(name: .long, help: ArgumentHelp("Only orders of this AAG season. Repeatable.", valueName: "season"))
    var aagSeason: [String] = []

    @Option(name: .long, help: ArgumentHelp("Only orders of this customer season. Repeatable.", valueName: "season"))
    var customerSeason: [String] = []

    @Flag(name: .long, help: "All orders of the source; stands alone.")
    var all = false

    mutating func validate() throws {
        self.customer = try Self.trimmed(self.customer, "--customer")
        self.po = try Self.trimmed(self.po, "--po")
        self.aagSeason = try Self.trimmed(self.aagSeason, "--aag-season")
        self.customerSeason = try Self.trimmed(self.customerSeason, "--customer-season")
    }

    /// How many values a run takes: SQL Server takes 2,100 parameters a statement, and look-ups add theirs to these.
    private static let mostValues = 1_500

    /// Refuses a run that does not say which orders it is about, or says it in more values than a statement takes.
    func check() throws {
        let values = self.customer.count + self.po.count + self.aagSeason.count + self.customerSeason.count
        guard values <= Self.mostValues else {
            throw ValidationError("a run takes \(Self.mostValues) values, not \(values): use --all, or several runs")
        }
        guard self.filter.isEmpty != self.all else { return }
        throw ValidationError(
            self.all
                ? "--all stands alone: take it away, or the filters"
                : "say which orders: by --customer, --po, --aag-season or --customer-season, or --all for every one"
        )
    }

    var filter: SourceFilter {
        SourceFilter(
            customers: self.customer,
            purchaseOrders: self.po,
            aagSeasons: self.aagSeason,
            customerSeasons: self.customerSeason
        )
    }

    /// An empty value comes of an unset variable in a script; it must not mean "any".
    private static func trimmed(_ values: [String], _ option: String) throws -> [String] {
        try values.map { value in
            let text = String(value.reversed().drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace })
            guard !text.isEmpty else { throw ValidationError("\(option) has no value") }
            return text
        }
    }
}
