/// All that is wrong with a field map, at once.
package struct FieldMapError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One mistake.
    package struct Problem: Hashable, Sendable {
        /// The line of the file, from 1; nil when the mistake has no line.
        package let line: Int?
        package let message: String
    }

    /// The name of the file.
    package let name: String
    package let problems: [Problem]

    /// One line a mistake: `fieldmap.yaml:12: …`.
    package var description: String {
        self.problems
            .map { problem in
                problem.line.map { "\(self.name):\($0): \(problem.message)" } ?? "\(self.name): \(problem.message)"
            }
            .joined(separator: "\n")
    }
}
