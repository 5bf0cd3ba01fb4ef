/// A set of orders by their places in the ledger: a bit each, so that a million orders take 125 kB.
package struct PlaceSet: Hashable, Sendable {
    private var words: [UInt64] = []
    package private(set) var count = 0

    package init() {}

    package func contains(_ place: Int64) -> Bool {
        let word = Int(place >> 6)
        return place >= 0 && word < self.words.count && self.words[word] & 1 << UInt64(place & 63) != 0
    }

    /// Adds a place, which is not negative; says whether it was not there before.
    @discardableResult
    package mutating func insert(_ place: Int64) -> Bool {
        precondition(place >= 0, "places of the ledger count from 1")
        guard !self.contains(place) else { return false }
        let word = Int(place >> 6)
        if word >= self.words.count {
            self.words.append(contentsOf: repeatElement(0, count: word + 1 - self.words.count))
        }
        self.words[word] |= 1 << UInt64(place & 63)
        self.count += 1
        return true
    }
}
