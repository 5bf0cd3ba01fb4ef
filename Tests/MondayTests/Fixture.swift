import Foundation
import HTTPClient
import Orders
import Testing

@testable import Monday

/// One answer of Monday's, in the forms that were met or documented, and what must be made of it.
///
/// The files in `Fixtures` are written for these tests; their ids mean nothing.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let response: HTTPResponse
    let aliases: [String]
    /// One word for each alias: `done ID`, `refused CLASS CODE` or `unknown CLASS CODE`.
    let outcomes: [String]
    /// What a query makes of it: `data`, or `CLASS CODE`.
    let read: String?
    /// The wait that every failure must ask for, in milliseconds.
    let wait: Int64?

    var testDescription: String { self.name }

    /// The time at which all answers come: an hour before midnight.
    static let now: Int64 = 1_795_561_200_000

    static let all: [Fixture] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(component: "Fixtures")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "json" && $0.lastPathComponent != "documents.json" }
            .sorted { $0.path < $1.path }
            .compactMap { try? Fixture($0) }
    }()

    private init(_ file: URL) throws {
        let json = try JSON(parsing: [UInt8](Data(contentsOf: file)))
        self.name = file.deletingPathExtension().lastPathComponent
        self.response = HTTPResponse(
            status: Int(try #require(json["status"]?.integer)),
            headers: (json["headers"]?.members ?? []).map { ($0.key.lowercased(), $0.value.string ?? "") },
            body: json["text"]?.string.map { Array($0.utf8) } ?? json["body"]?.bytes ?? []
        )
        self.aliases = (json["aliases"]?.elements ?? []).compactMap(\.string)
        self.outcomes = (json["expect"]?.elements ?? []).compactMap(\.string)
        self.read = json["read"]?.string
        self.wait = json["wait"]?.integer
    }

    /// The same answer with another body.
    func exchange(body: [UInt8]? = nil, status: Int? = nil) -> Exchange {
        Exchange(
            response: HTTPResponse(
                status: status ?? self.response.status,
                headers: self.response.headers,
                body: body ?? self.response.body
            ),
            aliases: self.aliases,
            now: Self.now
        )
    }
}

extension AliasOutcome {
    /// The outcome as fixtures write it.
    var words: String {
        switch self {
        case .done(let id): "done \(id)"
        case .refused(let failure): "refused \(failure.class.rawValue) \(failure.code)"
        case .unknown(let failure): "unknown \(failure.class.rawValue) \(failure.code)"
        }
    }

    var failure: Failure? {
        switch self {
        case .done: nil
        case .refused(let failure), .unknown(let failure): failure
        }
    }

    var isDone: Bool { self.failure == nil }
}
