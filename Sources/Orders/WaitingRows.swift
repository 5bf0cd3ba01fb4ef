/// Rows that wait for their match, found by business key.
struct WaitingRows: Sendable {
    private var rows: [RowIdentity] = []
    private var isOpen: [Bool] = []
    private var isSorted = true

    mutating func append(_ row: RowIdentity) {
        self.rows.append(row)
        self.isOpen.append(true)
        self.isSorted = false
    }

    /// Those that still wait, by key.
    var open: [RowIdentity] {
        mutating get {
            self.sort()
            return self.rows.indices.filter { self.isOpen[$0] }.map { self.rows[$0] }
        }
    }

    /// The keys of those that still wait, sorted, each once.
    var keys: [Digest] {
        mutating get {
            self.sort()
            var keys: [Digest] = []
            for index in self.rows.indices where self.isOpen[index] {
                if let key = self.rows[index].keyDigest, key != keys.last { keys.append(key) }
            }
            return keys
        }
    }

    /// Those with that key that still wait.
    mutating func rows(_ key: Digest) -> [RowIdentity] {
        self.range(key).filter { self.isOpen[$0] }.map { self.rows[$0] }
    }

    mutating func close(_ row: RowIdentity) {
        guard let key = row.keyDigest else { return }
        for index in self.range(key) where self.rows[index].index == row.index { self.isOpen[index] = false }
    }

    /// Gives a row that waits another name.
    mutating func rename(_ row: RowIdentity, to index: Int) {
        guard let key = row.keyDigest else { return }
        for place in self.range(key) where self.rows[place].index == row.index { self.rows[place].index = index }
    }

    /// Hands out those that still wait, by key and rank, and keeps none.
    mutating func takeAll() -> [RowIdentity] {
        self.sort()
        self.dropClosed()
        let rows = self.rows
        self = WaitingRows()
        return rows
    }

    /// Where the rows of a key stand.
    private mutating func range(_ key: Digest) -> Range<Int> {
        self.sort()
        let start = self.firstIndex { $0 < key }
        var end = start
        while end < self.rows.count, self.rows[end].keyDigest == key { end += 1 }
        return start..<end
    }

    private func firstIndex(afterThose isBefore: (Digest) -> Bool) -> Int {
        var range = 0..<self.rows.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if self.rows[middle].keyDigest.map(isBefore) ?? true {
                range = (middle + 1)..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }

    /// Sorts by key and rank; rows that came since the last time are few or all of them.
    private mutating func sort() {
        guard !self.isSorted else { return }
        self.dropClosed()
        // In place: copies of a hundred thousand new rows would be a third of what a run holds.
        self.rows.sort { left, right in
            guard let key = left.keyDigest, let other = right.keyDigest else {
                return left.keyDigest == nil && right.keyDigest != nil
            }
            return key == other ? left.rank < right.rank : key < other
        }
        self.isSorted = true
    }

    private mutating func dropClosed() {
        var count = 0
        for index in self.rows.indices where self.isOpen[index] {
            if index != count { self.rows[count] = self.rows[index] }
            count += 1
        }
        self.rows.removeSubrange(count...)
        self.isOpen.removeSubrange(count...)
        for index in self.isOpen.indices { self.isOpen[index] = true }
    }
}
