/// Why a file of rows can't be read: where, and what is wrong there.
package struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line it was met in, from 1; nil for the file as a whole.
    package let line: Int?
    /// The row of data, from 1; nil outside of them.
    package let row: Int?
    package let problem: String
    /// Whether there is no such file.
    package let isMissing: Bool

    package init(line: Int? = nil, row: Int? = nil, _ problem: String, isMissing: Bool = false) {
        self.line = line
        self.row = row
        self.problem = problem
        self.isMissing = isMissing
    }

    package var description: String {
        let place = [self.line.map { "line \($0)" }, self.row.map { "row \($0)" }].compactMap(\.self)
        return place.isEmpty ? "input: \(self.problem)" : "input, \(place.joined(separator: ", ")): \(self.problem)"
    }
}
