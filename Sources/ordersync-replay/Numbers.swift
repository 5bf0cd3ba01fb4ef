import ArgumentParser
import SyncEngine

/// Numbers of jobs or alarms, as they are given on the command line.
enum Numbers {
    /// The numbers; for `-` those that standard input names.
    static func read(_ words: [String], of thing: String) throws -> [Int64] {
        var numbers = words.filter { $0 != "-" }
        if words.contains("-") {
            while let line = readLine() { numbers += line.split { $0.isWhitespace || $0 == "," }.map(String.init) }
            if numbers.isEmpty { throw ValidationError("standard input named no \(thing)") }
        }
        return try numbers.map { try Self.number($0, of: thing) }
    }

    /// Refuses words that are no numbers, before anything is read.
    static func check(_ words: [String], of thing: String) throws {
        for word in words where word != "-" { _ = try Self.number(word, of: thing) }
    }

    private static func number(_ word: String, of thing: String) throws -> Int64 {
        guard let number = Int64(word), number > 0 else {
            throw ValidationError(
                "“\(DisplayText.cut(DisplayText.safe(word), to: 40))” is not \(Self.article(thing)) number"
            )
        }
        return number
    }

    private static func article(_ thing: String) -> String { (thing.first == "a" ? "an " : "a ") + thing }
}
