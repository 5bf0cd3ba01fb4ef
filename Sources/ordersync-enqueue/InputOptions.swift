import ArgumentParser
import Orders
import OrdersyncConfiguration
import ProgramSupport
import RowInput
import SyncEngine

/// Rows that come from a file instead of the source table.
struct InputOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Read the rows from this CSV or NDJSON file, - for standard input, instead of the source table.",
            valueName: "file"
        )
    )
    var input: String?

    @Option(name: .long, help: "The file's format, csv or ndjson; by default its beginning tells.")
    var format: InputFormat?

    @Flag(name: .long, help: "The file holds every order of the scope, so that those missing in it are gone.")
    var complete = false

    mutating func validate() throws {
        guard self.input == nil, self.format != nil || self.complete else { return }
        throw ValidationError("--format and --complete belong to --input")
    }

    /// Who reads the configuration: without a table to read, none need be configured.
    var role: ProgramRole { self.input == nil ? .enqueue : .enqueueRows }

    /// Whether gone orders can be told.
    var isComplete: Bool { self.input == nil || self.complete }

    func source(_ configuration: Configuration, _ fieldMap: FieldMap) throws -> any RowSource {
        guard let input = self.input else { return try Wiring.source(configuration) }
        return FileSource(path: input == "-" ? nil : input, format: self.format, fieldMap: fieldMap)
    }
}

extension InputFormat: ExpressibleByArgument {}
