import ArgumentParser

/// Why a person does what they do: it stands in the record, so it may not be empty.
struct ReasonOption: ParsableArguments {
    @Option(
        name: .customLong("reason"),
        help: ArgumentHelp("Why, for the record: what you found or did.", valueName: "text")
    )
    var text: String

    mutating func validate() throws {
        if self.text.allSatisfy(\.isWhitespace) { throw ValidationError("--reason has no value") }
    }
}
