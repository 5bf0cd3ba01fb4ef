/// Finds the name that was probably meant.
enum Suggestion {
    /// The candidate nearest to `name`, when it is near enough to be a slip of the hand.
    static func nearest(to name: String, among candidates: [String]) -> String? {
        let name = name.lowercased()
        let last = Self.lastPart(of: name)
        let byDistance = candidates.map { ($0, Self.distance(Array(name.utf8), Array($0.utf8))) }
        if let best = byDistance.min(by: { $0.1 < $1.1 }), best.1 <= max(2, name.utf8.count / 5) {
            return best.0
        }
        // The right word in the wrong section, or one that says only half: `token` for `monday.token_file`.
        return candidates.first { Self.lastPart(of: $0) == last } ?? candidates.first { $0.hasPrefix(name + "_") }
    }

    private static func lastPart(of name: String) -> Substring {
        name.split(separator: ".").last ?? Substring(name)
    }

    /// The Levenshtein distance in bytes; names here are ASCII.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
