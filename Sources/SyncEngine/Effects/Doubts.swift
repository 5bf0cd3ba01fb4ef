import Orders

/// The orders for which something is in doubt within a row of requests: a pure value.
///
/// Monday.com may be at work behind a lost answer, so nothing more is sent for such an order: it would run beside that.
struct Doubts {
    private var orders: [OrderKey: CallResult] = [:]

    /// Takes note of what came of calls, at the same positions.
    mutating func note(_ results: [CallResult], of calls: [PlannedCall]) {
        for (call, result) in zip(calls, results) {
            if case .inDoubt = result, let key = call.target.orderKey, self.orders[key] == nil {
                self.orders[key] = result
            }
        }
    }

    /// What is in doubt of the order of a call that was to follow; nil when it may be sent.
    func result(for call: PlannedCall) -> CallResult? {
        call.target.orderKey.flatMap { self.orders[$0] }
    }
}
