import Testing

@testable import SyncEngine

@Suite struct RequestPlanTests {
    @Test("single calls fill requests up to the limit, in order")
    func fills() {
        let plan = RequestPlan(groups: (0..<60).map { [$0] }, errors: { _ in 0 }, limit: 25)
        #expect(plan.chains.map { $0.map(\.count) } == [[25], [25], [10]])
        #expect(plan.chains.flatMap { $0.flatMap { $0 } } == Array(0..<60))
    }

    @Test("calls that touch one item never stand in two chains, and a long group goes one request after another")
    func chains() {
        let groups = [Array(0..<5), Array(5..<10), Array(10..<30), Array(30..<33)]
        let plan = RequestPlan(groups: groups, errors: { _ in 0 }, limit: 8)
        for group in groups {
            let holding = plan.chains.filter { chain in chain.contains { !Set($0).isDisjoint(with: group) } }
            #expect(holding.count == 1)
        }
        #expect(plan.chains.contains { $0.count == 3 && $0.flatMap { $0 } == groups[2] })
        #expect(plan.chains.allSatisfy { $0.allSatisfy { $0.count <= 8 } })
        #expect(plan.chains.flatMap { $0.flatMap { $0 } }.sorted() == Array(0..<33))
    }

    @Test("a suspect travels in ever smaller company, and alone at last")
    func suspects() {
        #expect((0..<6).map { RequestPlan.limit(25, errors: $0) } == [25, 12, 6, 3, 1, 1])
        #expect(RequestPlan.limit(25, errors: Int.max) == 1)
        let plan = RequestPlan(groups: (0..<25).map { [$0] }, errors: { $0 < 5 ? 4 : 0 }, limit: 25)
        #expect(plan.chains.map { $0.map(\.count) }.sorted { $0[0] < $1[0] } == [[1], [1], [1], [1], [1], [20]])
    }

    @Test("nothing to send makes no request")
    func empty() {
        #expect(RequestPlan(groups: [], errors: { _ in 0 }, limit: 25).chains.isEmpty)
        #expect(RequestPlan(groups: [[]], errors: { _ in 0 }, limit: 25).chains.isEmpty)
    }
}
