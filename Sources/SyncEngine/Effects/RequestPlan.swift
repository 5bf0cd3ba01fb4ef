/// Packs calls into requests: a pure decision.
///
/// A chain is a list of requests that go one after another, since they touch the same item; chains run beside each other.
struct RequestPlan {
    /// The most calls in one request: 25 creates stay well under Monday's 60 s, and subitems take eight times as long
    /// each (public recordings of create_item and create_subitem latencies).
    enum Size {
        static let items = 25
        static let subitems = 8
    }

    /// Positions of calls in the list that was planned, as chains of requests.
    var chains: [[[Int]]] = []

    /// Packs groups of calls that must not overlap, in order.
    ///
    /// - Parameters:
    ///   - groups: Calls that touch the same item stand in one group, by their positions.
    ///   - errors: How many errors the job of a call has had.
    ///   - limit: The most calls in one request.
    ///
    /// A call whose job has had errors goes in ever smaller requests: half with each error. So a value that makes
    /// Monday answer 500 every time is soon alone, and the others go through.
    init(groups: [[Int]], errors: (Int) -> Int, limit: Int) {
        var open: [Int: [Int]] = [:]
        for group in groups where !group.isEmpty {
            let suspicion = group.map(errors).max() ?? 0
            let limit = Self.limit(limit, errors: suspicion)
            if group.count >= limit {
                self.chains.append(
                    stride(from: 0, to: group.count, by: limit).map {
                        Array(group[$0..<min($0 + limit, group.count)])
                    }
                )
            } else if let gathered = open[limit], gathered.count + group.count <= limit {
                open[limit] = gathered + group
            } else {
                if let gathered = open[limit] { self.chains.append([gathered]) }
                open[limit] = group
            }
        }
        for limit in open.keys.sorted(by: >) {
            if let gathered = open[limit] { self.chains.append([gathered]) }
        }
    }

    /// The most calls in a request whose worst job has had that many errors.
    static func limit(_ limit: Int, errors: Int) -> Int {
        max(1, limit >> min(errors, 30))
    }
}
