import Journal
import Monday
import Orders

extension BatchRunner {
    /// Sends what each open order needs, and gives the order the result of each of its calls.
    ///
    /// A call that met something that was taken off the board is settled by what is found of it there.
    func carryOut(
        _ works: inout [OrderWork],
        limit: Int,
        calls needed: (OrderWork) throws -> [PlannedCall],
        settle: (CallResult, PlannedCall, inout OrderWork) -> Void
    ) async throws {
        var calls: [PlannedCall] = []
        var owners: [Int] = []
        for index in works.indices where works[index].isOpen {
            for call in try needed(works[index]) {
                calls.append(call)
                owners.append(index)
            }
        }
        let results = try await self.send(calls, owners: owners, limit: limit)
        let removed = try await self.findRemoved(calls, owners: owners, results, works)
        for (position, result) in results.enumerated() {
            if let finding = removed[position] {
                try await self.take(finding, calls[position], &works[owners[position]])
            } else {
                settle(result, calls[position], &works[owners[position]])
            }
        }
    }

    /// Sends calls in as few requests as their bounds allow; calls of one order never overlap.
    private func send(_ calls: [PlannedCall], owners: [Int], limit: Int) async throws -> [CallResult] {
        var groups: [[Int]] = []
        for position in calls.indices {
            if position > 0, owners[position] == owners[position - 1] {
                groups[groups.count - 1].append(position)
            } else {
                groups.append([position])
            }
        }
        let plan = RequestPlan(groups: groups, errors: { calls[$0].errors }, limit: limit)
        let sender = self.engine.sender(counters: self.counters)
        return try await withThrowingTaskGroup(of: [(Int, CallResult)].self) { tasks in
            for chain in plan.chains {
                tasks.addTask {
                    var results: [(Int, CallResult)] = []
                    let outcomes = try await sender.send(chain: chain.map { $0.map { calls[$0] } })
                    for (request, outcomes) in zip(chain, outcomes) { results += zip(request, outcomes) }
                    return results
                }
            }
            var results = [CallResult](repeating: .stopped, count: calls.count)
            for try await part in tasks {
                for (position, result) in part { results[position] = result }
            }
            return results
        }
    }

    static func labels(_ columns: [ColumnValue]) -> Set<Label> {
        var labels: Set<Label> = []
        for column in columns where column.type == .status || column.type == .dropdown {
            if case .text(let text) = column.value { labels.insert(Label(column: column.columnID, text: text)) }
        }
        return labels
    }

    /// The call as it stands in an error row: the request that would send it alone.
    func excerpt(_ call: PlannedCall) -> String { self.excerpt(call.mutation) }

    func excerpt(_ mutation: Mutation) -> String {
        String(
            decoding: MutationRequest(board: self.engine.settings.board, mutations: [mutation]).body,
            as: UTF8.self
        )
    }
}
