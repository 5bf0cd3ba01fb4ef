import Orders
import Testing

@Suite struct SourcePlanTests {
    let map: FieldMap

    init() throws { self.map = try Fixture.shippedMap() }

    @Test("of the 268 source columns the mapped, key and size columns are selected, each once")
    func plan() throws {
        #expect(UnifiedLayout.layout.columns.count == 268)
        let plan = try self.map.plan(for: UnifiedLayout.layout)
        #expect(plan.sizeLabels == UnifiedLayout.sizes)
        #expect(plan.sizeLabels.count == 161)
        #expect(plan.skippedColumns == ["INFOR COLOUR CODE"])
        // 44 fields and record_uuid: all other keys are mapped as well.
        #expect(plan.columns.count == 45 + 161)
        #expect(Set(plan.columns.map(\.name)).count == plan.columns.count)
        #expect(plan.columns[plan.firstSize].name == "XXXS")
        #expect(plan.columns[plan.firstSize...].allSatisfy { $0.kind == .integer })
        #expect(plan.columns.first { $0.name == "PO NUMBER" }?.kind == .text(maxUnits: 200))
    }

    @Test("record_uuid may stand first or last: columns are found by name")
    func positions() throws {
        var columns = UnifiedLayout.layout.columns
        columns.insert(columns.removeLast(), at: 0)
        #expect(columns[0].name == "record_uuid")
        #expect(try self.map.plan(for: SourceLayout(columns: columns)).sizeLabels.count == 161)
    }

    @Test("a name that differs in case alone is the column, unless there is one with just that name or there are two")
    func cases() throws {
        let columns = UnifiedLayout.layout.columns
        let lower = columns.map { SourceColumn(name: $0.name.lowercased(), isInteger: $0.isInteger) }
        let plan = try self.map.plan(for: SourceLayout(columns: lower))
        #expect(plan.columns.contains { $0.name == "po number" } && !plan.columns.contains { $0.name == "PO NUMBER" })
        #expect(plan.sizeLabels == UnifiedLayout.sizes.map { $0.lowercased() })
        #expect(plan.skippedColumns == ["infor colour code"])

        let both = columns + [SourceColumn(name: "Notes", isInteger: false)]
        let chosen = try self.map.plan(for: SourceLayout(columns: both)).columns.map(\.name)
        #expect(chosen.contains("NOTES") && !chosen.contains("Notes"))
        let twice = both.map { SourceColumn(name: $0.name == "NOTES" ? "notes" : $0.name, isInteger: $0.isInteger) }
        let error = #expect(throws: FieldMapError.self) { try self.map.plan(for: SourceLayout(columns: twice)) }
        let words = "column “NOTES” is missing from the source, which has “notes”, “Notes”"
        #expect(error?.description.contains(words) == true)
    }

    @Test("all missing, misnamed and repeated columns are reported at once")
    func missing() throws {
        var columns = UnifiedLayout.layout.columns.filter { $0.name != "DESTINATION" && $0.name != "PO NUMBER" }
        columns.append(SourceColumn(name: "Po-Number", isInteger: false))
        columns.append(SourceColumn(name: "NOTES", isInteger: false))
        let error = #expect(throws: FieldMapError.self) { try self.map.plan(for: SourceLayout(columns: columns)) }
        #expect(error?.problems.count == 3)
        let text = try #require(error).description
        #expect(text.contains("column “DESTINATION” is missing from the source"))
        #expect(text.contains("column “PO NUMBER” is missing from the source, which has “Po-Number”"))
        #expect(text.contains("column “NOTES” occurs 2 times"))
    }

    @Test("a source without a size block is refused")
    func sizeBlock() {
        let layout = UnifiedLayout.layout.columns
        let withoutEnd = layout.filter { $0.name != "TOTAL QTY" }
        #expect(throws: FieldMapError.self) { try self.map.plan(for: SourceLayout(columns: withoutEnd)) }
        let withoutSizes = layout.filter { !UnifiedLayout.sizes.contains($0.name) }
        #expect(throws: FieldMapError.self) { try self.map.plan(for: SourceLayout(columns: withoutSizes)) }
        let reversed = Array(layout.reversed())
        #expect(throws: FieldMapError.self) { try self.map.plan(for: SourceLayout(columns: reversed)) }
    }
}
