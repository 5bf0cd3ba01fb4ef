/// A person's verdict on what a job sent without a known outcome, after a look at the board.
package struct Verdict: Hashable, Sendable {
    /// What became of one thing that was sent.
    package enum Word: Hashable, Sendable {
        /// It is there, under this id.
        case there(Int64)
        /// It is not there, or was not changed.
        case absent
    }

    /// Of the item; or of the one thing in doubt, whatever it is.
    package var item: Word?
    /// Of subitems, by size.
    package var subitems: [String: Word]
    /// Of everything else; nil leaves it in doubt.
    package var rest: Word?

    package init(item: Word? = nil, subitems: [String: Word] = [:], rest: Word? = nil) {
        self.item = item
        self.subitems = subitems
        self.rest = rest
    }

    /// What the verdict makes of each thing in doubt.
    ///
    /// - Parameter open: What has no known outcome.
    /// - Returns: A word for each, nil for what stays in doubt.
    /// - Throws: ``VerdictMisfit`` when a part of the verdict is about nothing that is in doubt, or about several things.
    func words(for open: [EffectTarget]) throws(VerdictMisfit) -> [Word?] {
        var words = [Word?](repeating: nil, count: open.count)
        if let item {
            let items = open.indices.filter { open[$0].kind == .createItem }
            let meant = items.isEmpty && open.count == 1 ? Array(open.indices) : items
            guard meant.count == 1 else { throw VerdictMisfit(what: "the item") }
            words[meant[0]] = item
        }
        for (size, word) in self.subitems.sorted(by: { $0.key < $1.key }) {
            let meant = open.indices.filter { open[$0].size == size }
            guard meant.count == 1 else { throw VerdictMisfit(what: "a subitem of size \(size)") }
            words[meant[0]] = word
        }
        return words.map { $0 ?? self.rest }
    }
}

/// A verdict on something that is not in doubt.
struct VerdictMisfit: Error, Hashable {
    let what: String
}

/// What a person's verdict did.
package struct VerdictOutcome: Hashable, Sendable {
    /// How many things have an outcome now, and how many have none yet.
    package let settled: Int
    package let left: Int
    /// The state the job is in now.
    package let state: JobState
    /// Contradictions: the ledger holds another id, which stays.
    package let alarms: [Alarm]
}
