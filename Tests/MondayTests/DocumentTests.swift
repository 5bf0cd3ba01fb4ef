import Foundation
import TestSupport
import Testing

@testable import Monday

@Suite("GraphQL documents")
struct DocumentTests {
    private static let file = "Tests/MondayTests/Fixtures/documents.json"

    /// The file lets other programs check the documents against a schema.
    ///
    /// After a wanted change: `ORDERSYNC_WRITE_DOCUMENTS=1 swift test --filter DocumentTests`.
    @Test("the committed list of documents is what is sent")
    func committed() throws {
        let documents = Documents.all.map { document in
            "{\"name\": \(JSON.string(document.name).text),\n \"query\": \(JSON.string(document.text).text)}"
        }
        let text = "[\n\(documents.joined(separator: ",\n"))\n]\n"
        let path = Project.path(Self.file)
        if ProcessInfo.processInfo.environment["ORDERSYNC_WRITE_DOCUMENTS"] != nil {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test("every document is valid under the sandbox's schema")
    func valid() async throws {
        let program = try Program(
            URL(fileURLWithPath: Project.python),
            [Project.path("Tests/monday-sandbox/validate_documents.py"), Project.path(Self.file)]
        )
        let outcome = await program.wait()
        #expect(outcome.status == 0, "\(outcome)")
    }
}
