import Foundation
import Orders
import Testing

@testable import Monday

@Suite("Requests for changes")
struct RequestTests {
    private let key = ItemKey(
        column: "text_key",
        key: OrderKey(uuid: UUID(uuidString: "6F1C2D3E-0000-4000-8000-00000000000A") ?? UUID())
    )

    private func values(_ request: MutationRequest, _ variable: String) throws -> String? {
        try JSON(parsing: request.body)["variables"]?[variable]?.string
    }

    @Test("a create goes out in exactly these bytes")
    func createItem() {
        let columns = [
            ColumnValue(columnID: "text_1", type: .text, value: .text("JOO-00505")),
            ColumnValue(columnID: "text_2", type: .text, value: nil),
        ]
        let request = MutationRequest(
            board: 9_200_517_329,
            mutations: [.createItem(group: "topics", name: "JWHD WHITE", columns: columns, key: self.key)]
        )
        let document =
            "mutation($board: ID!, $m0_group: String!, $m0_name: String!, $m0_values: JSON!, $m0_labels: Boolean!) { "
            + "complexity { before query after reset_in_x_seconds } "
            + "m0: create_item(board_id: $board, group_id: $m0_group, item_name: $m0_name, column_values: $m0_values, "
            + "create_labels_if_missing: $m0_labels) { id } }"
        let variables =
            #"{"board":"9200517329","m0_group":"topics","m0_name":"JWHD WHITE","#
            + #""m0_values":"{\"text_1\":\"JOO-00505\",\"text_key\":\"6f1c2d3e-0000-4000-8000-00000000000a\"}","#
            + #""m0_labels":false}"#
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"query":"\#(document)","variables":\#(variables)}"#)
        #expect(request.aliases == ["m0"])
    }

    @Test("every column type has its own form")
    func forms() throws {
        let columns = [
            ColumnValue(columnID: "a", type: .text, value: .number("12.5")),
            ColumnValue(columnID: "b", type: .longText, value: .text("two\nlines")),
            ColumnValue(columnID: "c", type: .numbers, value: .number("28.86")),
            ColumnValue(columnID: "d", type: .date, value: .date("2025-09-26")),
            ColumnValue(columnID: "e", type: .status, value: .text("PCE")),
            ColumnValue(columnID: "f", type: .dropdown, value: .text("NAVY, WHITE")),
        ]
        let request = MutationRequest(board: 1, mutations: [.createSubitem(parent: 5, name: "XS", columns: columns)])
        #expect(
            try self.values(request, "m0_values")
                == #"{"a":"12.5","b":{"text":"two\nlines"},"c":"28.86","d":{"date":"2025-09-26"},"#
                + #""e":{"label":"PCE"},"f":{"labels":["NAVY, WHITE"]}}"#
        )
        #expect(try self.values(request, "m0_parent") == "5")
    }

    @Test("a request's bytes tell which labels it brings, and other bytes none")
    func labelsOfBytes() {
        let columns = [
            ColumnValue(columnID: "a", type: .text, value: .text("label")),
            ColumnValue(columnID: "e", type: .status, value: .text("PCE")),
            ColumnValue(columnID: "f", type: .dropdown, value: .text("NAVY, \"WHITE\"")),
            ColumnValue(columnID: "g", type: .dropdown, value: nil),
        ]
        let request = MutationRequest(
            board: 1,
            mutations: [
                .createSubitem(parent: 5, name: "XS", columns: columns),
                .changeColumns(board: 1, item: 5, columns: columns, name: nil, key: nil), .archiveItem(item: 5),
            ]
        )
        let labels = MutationRequest(body: request.body, aliases: []).labels.map { "\($0.column) \($0.text)" }
        #expect(labels == ["e PCE", #"f NAVY, "WHITE""#, "e PCE", #"f NAVY, "WHITE""#])
        let others = [
            "", "{", "[]", #"{"variables":{"m0_values":"{"}}"#, #"{"variables":{"m0_values":{"e":{"label":"x"}}}}"#,
        ]
        for body in others {
            #expect(MutationRequest(body: Array(body.utf8), aliases: []).labels.isEmpty, "\(body)")
        }
    }

    @Test("an empty value clears the cell of an item that is there, and is left out of a new one")
    func emptyValues() throws {
        let columns = [ColumnValue(columnID: "n", type: .numbers, value: nil)]
        let change = Mutation.changeColumns(board: 7, item: 8, columns: columns, name: "New name", key: nil)
        let request = MutationRequest(
            board: 1,
            mutations: [
                change, .createItem(group: "g", name: "n", columns: columns, key: nil),
            ]
        )
        #expect(try self.values(request, "c0_values") == #"{"n":null,"name":"New name"}"#)
        #expect(try self.values(request, "c0_board") == "7")
        #expect(try self.values(request, "m1_values") == "{}")
    }

    @Test("a label may be created when one of the labels written wants it")
    func labels() throws {
        func flag(_ columns: [ColumnValue]) throws -> JSON? {
            let request = MutationRequest(board: 1, mutations: [.createSubitem(parent: 1, name: "a", columns: columns)])
            return try JSON(parsing: request.body)["variables"]?["m0_labels"]
        }
        let strict = ColumnValue(columnID: "s", type: .status, value: .text("A"), createLabels: false)
        let free = ColumnValue(columnID: "d", type: .dropdown, value: .text("B"), createLabels: true)
        let empty = ColumnValue(columnID: "d", type: .dropdown, value: nil, createLabels: true)
        #expect(try flag([strict]) == .bool(false))
        #expect(try flag([strict, empty]) == .bool(false))
        #expect(try flag([strict, free]) == .bool(true))
    }

    @Test("groups are chained behind one another, and answer under names that expect text ids")
    func groups() throws {
        let request = MutationRequest(
            board: 1,
            mutations: [
                .createGroup(title: "A", after: nil), .createGroup(title: "B", after: "topics"), .archiveItem(item: 3),
            ]
        )
        let query = try #require(try JSON(parsing: request.body)["query"]?.string)
        #expect(request.aliases == ["g0", "g1", "m2"])
        #expect(query.contains("g0: create_group(board_id: $board, group_name: $g0_name)"))
        #expect(query.contains("relative_to: $g1_after, position_relative_method: after_at"))
    }

    @Test("no value ever becomes part of the document")
    func injection() throws {
        let evil = "\") { id } evil: delete_board(board_id: 1) #\n$}\\"
        let columns = [ColumnValue(columnID: "a", type: .text, value: .text(evil))]
        let request = MutationRequest(
            board: 1,
            mutations: [
                .createItem(group: evil, name: evil, columns: columns, key: nil),
                .createGroup(title: evil, after: evil),
            ]
        )
        let json = try JSON(parsing: request.body)
        #expect(json["query"]?.string?.contains("evil") == false)
        #expect(json["variables"]?["m0_name"]?.string == evil)
        let values = try JSON(parsing: Array(try #require(json["variables"]?["m0_values"]?.string).utf8))
        #expect(values["a"]?.string == evil)
    }

    @Test("the same mutations make the same bytes")
    func deterministic() {
        let mutations = (0..<25).map { index in
            let value = ColumnValue(columnID: "c", type: .numbers, value: .number(String(index)))
            return Mutation.createItem(group: "g", name: "item \(index)", columns: [value], key: self.key)
        }
        #expect(MutationRequest(board: 1, mutations: mutations) == MutationRequest(board: 1, mutations: mutations))
    }

    @Test("a name that is too long or empty is refused before it is sent, not cut")
    func names() {
        func refusal(_ name: String) -> Failure? {
            Mutation.createItem(group: "g", name: name, columns: [], key: nil).refusal
        }
        #expect(refusal(String(repeating: "x", count: 255)) == nil)
        #expect(refusal(String(repeating: "x", count: 256))?.code == ErrorCode.nameTooLong)
        #expect(refusal(String(repeating: "😀", count: 128))?.class == .permanent)
        #expect(refusal("")?.code == ErrorCode.nameEmpty)
        #expect(Mutation.changeColumns(board: 1, item: 1, columns: [], name: nil, key: nil).refusal == nil)
    }
}
