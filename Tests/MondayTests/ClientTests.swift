import Foundation
import HTTPClient
import Orders
import Synchronization
import TestSupport
import Testing

@testable import Monday

@Suite("The client against the sandbox")
struct ClientTests {
    private let sandbox: Sandbox
    private let client: MondayClient
    private let board = Sandbox.board

    init() async throws {
        self.sandbox = try await Sandbox()
        self.client = MondayClient(
            http: HTTPClient(),
            endpoint: self.sandbox.endpoint,
            token: Secret(Sandbox.token),
            pacer: Pacer()
        )
    }

    private func send(_ mutations: [Mutation], key: String = UUID().uuidString) async -> Exchange {
        await self.client.mutate(MutationRequest(board: self.board, mutations: mutations), idempotencyKey: key)
    }

    /// A new group's id.
    private func group(_ title: String) async throws -> String {
        let exchange = await self.send([.createGroup(title: title, after: nil)])
        guard case .done(.text(let id)) = exchange.outcomes[0] else {
            throw SandboxFailure(text: "\(exchange.outcomes)")
        }
        return id
    }

    /// A new item's id.
    private func item(_ group: String, _ name: String, key: OrderKey? = nil) async throws -> Int64 {
        let key = key.map { ItemKey(column: Sandbox.keyColumn, key: $0) }
        let exchange = await self.send([.createItem(group: group, name: name, columns: [], key: key)])
        guard case .done(.number(let id)) = exchange.outcomes[0] else {
            throw SandboxFailure(text: "\(exchange.outcomes)")
        }
        return id
    }

    @Test("the board is read with its groups, columns, labels and subitem board")
    func board() async throws {
        let group = try await self.group("GREYSON CLOTHIERS 2025 FALL")
        let board = try await self.client.board(self.board)
        #expect(board.id == self.board)
        #expect(board.state == "active")
        #expect(board.groups.contains { $0.id == group && $0.title == "GREYSON CLOTHIERS 2025 FALL" && !$0.deleted })
        #expect(board.columns.contains { $0.id == Sandbox.keyColumn && $0.type == "text" })
        #expect(board.columns.contains { $0.type == "dropdown" && $0.labels != nil })
        #expect(board.subitemBoard != nil)
    }

    @Test("a board that is not there is a fault of the whole set-up")
    func noBoard() async throws {
        await #expect(throws: Failure.self) { try await self.client.board(42) }
        do { _ = try await self.client.board(42) } catch {
            #expect(error.class == .systemic)
            #expect(error.code == ErrorCode.boardNotFound)
        }
    }

    @Test("a wrong token is told as such, and is told nowhere")
    func wrongToken() async throws {
        let client = MondayClient(http: HTTPClient(), endpoint: self.sandbox.endpoint, token: Secret("wrong-word"))
        do {
            _ = try await client.board(self.board)
            Issue.record("the board was read")
        } catch {
            #expect(error.class == .systemic)
            #expect(error.code == ErrorCode.notAuthenticated)
            #expect(!error.description.contains("wrong-word"))
        }
        let exchange = await client.mutate(
            MutationRequest(board: self.board, mutations: [.createGroup(title: "A", after: nil)]),
            idempotencyKey: "k"
        )
        #expect(exchange.outcomes.map(\.words) == ["refused systemic NOT_AUTHENTICATED"])
    }

    @Test("a token that was refused is fetched anew before the next request, and one that serves is not")
    func renewedToken() async throws {
        let fetched = Mutex(0)
        let client = MondayClient(
            http: HTTPClient(),
            endpoint: self.sandbox.endpoint,
            token: Secret("wrong-word"),
            renewal: {
                let count = fetched.withLock { count in
                    count += 1
                    return count
                }
                return count < 2 ? Secret("still-wrong") : Secret(Sandbox.token)
            }
        )
        for code in [ErrorCode.notAuthenticated, ErrorCode.notAuthenticated, nil, nil] {
            do throws(Failure) {
                _ = try await client.board(self.board)
                #expect(code == nil)
            } catch {
                #expect(error.code == code)
            }
        }
        #expect(fetched.withLock { $0 } == 2)
    }

    @Test("items, subitems, changes and moves are made, each outcome under its own alias")
    func changes() async throws {
        let first = try await self.group("A")
        let key = OrderKey(uuid: UUID())
        let item = try await self.item(first, "item", key: key)
        let exchange = await self.send([
            .createSubitem(parent: item, name: "Size XS", columns: []),
            .createItem(group: "no_such_group", name: "lost", columns: [], key: nil),
            .createGroup(title: "B", after: first),
            .createItem(group: first, name: "second", columns: [], key: nil),
        ])
        #expect(exchange.outcomes.map(\.isDone) == [true, false, true, true])
        #expect(exchange.outcomes[1].words == "refused permanent GROUP_NOT_FOUND")
        #expect(exchange.apiVersion == MondayClient.apiVersion)
        #expect(self.client.foreignVersion == nil)
        #expect((exchange.limits.complexity?.query ?? 0) > 0)
        guard case .done(.text(let second)) = exchange.outcomes[2] else { return }

        let moved = await self.send([
            .moveItem(item: item, group: second),
            .changeColumns(board: self.board, item: item, columns: [], name: "renamed", key: nil),
        ])
        #expect(moved.outcomes.map(\.words) == ["done \(item)", "done \(item)"])
        let read = try await self.client.items([item, 1], keyColumn: Sandbox.keyColumn)
        #expect(read.map(\.id) == [item])
        #expect(read.first?.name == "renamed")
        #expect(read.first?.group == second)
        #expect(read.first?.key == key)
    }

    @Test("the same bytes under the same key are carried out once")
    func replay() async throws {
        let group = try await self.group("A")
        let request = MutationRequest(
            board: self.board,
            mutations: [.createItem(group: group, name: "once", columns: [], key: nil)]
        )
        let first = await self.client.mutate(request, idempotencyKey: "key-1")
        let second = await self.client.mutate(
            MutationRequest(body: request.body, aliases: request.aliases),
            idempotencyKey: "key-1"
        )
        #expect(first.outcomes == second.outcomes)
        #expect(!first.replayed)
        #expect(second.replayed)
    }

    @Test("items are found by their keys over several pages, and an unknown key finds none")
    func search() async throws {
        let group = try await self.group("A")
        let keys = (0..<130).map { _ in OrderKey(uuid: UUID()) }
        for chunk in stride(from: 0, to: keys.count, by: 25) {
            let mutations = keys[chunk..<min(chunk + 25, keys.count)].map { key in
                Mutation.createItem(
                    group: group,
                    name: "item",
                    columns: [],
                    key: ItemKey(column: Sandbox.keyColumn, key: key)
                )
            }
            let exchange = await self.send(mutations)
            #expect(exchange.outcomes.allSatisfy { $0.isDone })
        }
        let found = try await self.client.items(
            withKeys: keys + [OrderKey(uuid: UUID())],
            keyColumn: Sandbox.keyColumn,
            board: self.board,
            limit: 40
        )
        #expect(Set(found.compactMap(\.key)) == Set(keys))

        var page = try await self.client.page(of: self.board, keyColumn: Sandbox.keyColumn, limit: 40)
        var all = page.items
        while let cursor = page.cursor {
            page = try await self.client.page(after: cursor, keyColumn: Sandbox.keyColumn, limit: 40)
            all += page.items
        }
        #expect(Set(all.compactMap(\.key)) == Set(keys))
    }

    @Test("subitems are read under their parents, with size and quantity")
    func subitems() async throws {
        let group = try await self.group("A")
        let parents = [try await self.item(group, "one"), try await self.item(group, "two")]
        let board = try await self.client.board(self.board)
        let subitemBoard = try await self.client.board(try #require(board.subitemBoard))
        let size = try #require(subitemBoard.columns.first { $0.title.lowercased() == "size" })
        let quantity = try #require(subitemBoard.columns.first { $0.type == "numbers" })
        let columns = [
            ColumnValue(columnID: size.id, type: ColumnType(rawValue: size.type) ?? .text, value: .text("XS")),
            ColumnValue(columnID: quantity.id, type: .numbers, value: .number("22")),
        ]
        let made = await self.send([.createSubitem(parent: parents[0], name: "Size XS", columns: columns)])
        guard case .done(.number(let id)) = made.outcomes[0] else {
            Issue.record("\(made.outcomes)")
            return
        }
        let read = try await self.client.subitems(of: parents, sizeColumn: size.id, quantityColumn: quantity.id)
        #expect(read[parents[1]] == [])
        #expect(read[parents[0]]?.map(\.id) == [id])
        #expect(read[parents[0]]?.first?.size == "XS")
        #expect(read[parents[0]]?.first?.quantity == 22)
        #expect(read[parents[0]]?.first?.board == board.subitemBoard)
    }

    @Test("a text column for the order keys can be made")
    func keyColumn() async throws {
        let exchange = await self.send([.createTextColumn(title: "Order key")])
        guard case .done(.text(let id)) = exchange.outcomes[0] else {
            Issue.record("\(exchange.outcomes)")
            return
        }
        #expect(try await self.client.board(self.board).columns.contains { $0.id == id && $0.type == "text" })
    }
}

private struct SandboxFailure: Error { let text: String }
