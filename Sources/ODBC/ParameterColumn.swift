internal import CODBC

/// The values of one parameter for a set of rows, in the flat form that drivers read: one buffer, one array of lengths.
///
/// Text is kept as UTF-16 in slots of equal width, which widen when a longer value comes; a new column's rows are all NULL.
/// Reused from set to set: only what is set anew is written.
@safe package final class ParameterColumn {
    package let type: ParameterType
    /// How many rows it has room for.
    package let capacity: Int
    /// Bytes from one row's value to the next one's.
    private(set) var stride: Int
    private(set) var values: UnsafeMutableRawPointer
    let indicators: UnsafeMutablePointer<SQLLEN>

    /// The narrowest slot of text, in UTF-16 units: most values of an order fit.
    private static let narrowestText = 32

    package init(_ type: ParameterType, rows: Int) {
        precondition(rows > 0, "a set has at least one row")
        self.type = type
        self.capacity = rows
        self.stride = type.isText ? Self.narrowestText * 2 : type.fixedSize
        unsafe self.values = .allocate(byteCount: self.stride * rows, alignment: 8)
        unsafe self.indicators = .allocate(capacity: rows)
        unsafe self.indicators.initialize(repeating: SQLLEN(SQL_NULL_DATA), count: rows)
    }

    deinit {
        unsafe self.values.deallocate()
        unsafe self.indicators.deallocate()
    }

    /// The memory it holds.
    package var byteCount: Int { self.capacity * (self.stride + MemoryLayout<SQLLEN>.stride) }

    /// The memory it would hold with a text of that many UTF-16 units in it.
    package func byteCount(withText units: Int) -> Int {
        units * 2 <= self.stride
            ? self.byteCount : self.capacity * (Self.width(for: units) + MemoryLayout<SQLLEN>.stride)
    }

    package func setNull(_ row: Int) {
        self.require(row)
        unsafe self.indicators[row] = SQLLEN(SQL_NULL_DATA)
    }

    /// Sets text, or NULL for nil.
    ///
    /// An empty string stays an empty string.
    package func setText(_ row: Int, _ text: String?) {
        guard var text else { return self.setNull(row) }
        self.require(row)
        precondition(self.type.isText, "the column does not hold text")
        let written = text.withUTF8 { utf8 -> Int in
            guard unsafe Text.isASCII(utf8) else {
                let units = unsafe String(decoding: utf8, as: UTF8.self).utf16
                // No text has more UTF-16 units than UTF-8 bytes, so the cheap count decides nearly always.
                if utf8.count * 2 > self.stride { self.widen(to: units.count) }
                return self.store(units, row)
            }
            self.widen(to: utf8.count)
            let slot = unsafe self.slot(row)
            for index in 0..<utf8.count { unsafe slot[index] = UInt16(utf8[index]) }
            return utf8.count
        }
        unsafe self.indicators[row] = written * 2
    }

    package func setInteger(_ row: Int, _ value: Int64?) {
        self.setFixed(row, value, .integer)
    }

    package func setDouble(_ row: Int, _ value: Double?) {
        self.setFixed(row, value, .double)
    }

    package func setBit(_ row: Int, _ value: Bool?) {
        self.setFixed(row, value.map { $0 ? UInt8(1) : 0 }, .bit)
    }

    /// Sets a day from `YYYY-MM-DD`.
    ///
    /// - Throws: 22007 when the text is no such day.
    package func setDate(_ row: Int, _ text: String?) throws(ODBCError) {
        guard let text else { return self.setNull(row) }
        guard let moment = Moment(text), moment.isDay else {
            throw ODBCError("22007", "A date parameter is not of the form YYYY-MM-DD.")
        }
        self.setFixed(row, moment.date, .date)
    }

    /// Sets a moment from `YYYY-MM-DD HH:MM:SS[.fff…]`, with a blank or a `T` between; what is finer than a millisecond is dropped.
    ///
    /// - Throws: 22007 when the text is no such moment.
    package func setTimestamp(_ row: Int, _ text: String?) throws(ODBCError) {
        guard let text else { return self.setNull(row) }
        guard let moment = Moment(text) else {
            throw ODBCError("22007", "A timestamp parameter is not of the form YYYY-MM-DD HH:MM:SS.fff.")
        }
        self.setFixed(row, moment.timestamp, .timestamp)
    }

    /// Sets a value of this column's kind.
    ///
    /// - Throws: 22007 for text that is no date, timestamp or GUID, 07006 for a value of another kind.
    package func set(_ row: Int, _ value: ODBCValue) throws(ODBCError) {
        switch (value, self.type) {
        case (.null, _): self.setNull(row)
        case (.text(let text), .text): self.setText(row, text)
        case (.integer(let number), .integer): self.setInteger(row, number)
        case (.double(let number), .double): self.setDouble(row, number)
        case (.bit(let flag), .bit): self.setBit(row, flag)
        case (.date(let text), .date): try self.setDate(row, text)
        case (.timestamp(let text), .timestamp): try self.setTimestamp(row, text)
        case (.guid(let text), .guid): self.setText(row, text)
        default: throw ODBCError("07006", "A parameter's value is not of its column's type.")
        }
    }

    /// A column with slots as wide as another's, whose first row holds that one's value at `row`.
    init(_ other: ParameterColumn, row: Int, rows: Int) {
        self.type = other.type
        self.capacity = rows
        self.stride = other.stride
        unsafe self.values = .allocate(byteCount: self.stride * rows, alignment: 8)
        unsafe self.indicators = .allocate(capacity: rows)
        unsafe self.indicators.initialize(repeating: SQLLEN(SQL_NULL_DATA), count: rows)
        let length = unsafe other.indicators[row]
        guard length >= 0 else { return }
        unsafe self.indicators[0] = length
        unsafe self.values.copyMemory(from: other.values + row * other.stride, byteCount: length)
    }

    /// Makes all rows NULL.
    package func clear() {
        unsafe self.indicators.update(repeating: SQLLEN(SQL_NULL_DATA), count: self.capacity)
    }

    /// The text at a row; nil for NULL and for columns of other kinds.
    func text(at row: Int) -> String? {
        guard self.type.isText else { return nil }
        let length = unsafe self.indicators[row]
        guard length >= 0 else { return nil }
        return unsafe Text.decode(UnsafeBufferPointer(start: self.slot(row), count: length / 2))
    }

    /// The longest text among the first rows, in UTF-16 units.
    func longestText(rows: Int) -> Int {
        var longest = 0
        for row in 0..<rows { longest = max(longest, unsafe self.indicators[row]) }
        return longest / 2
    }

    private func setFixed<Value: BitwiseCopyable>(_ row: Int, _ value: Value?, _ type: ParameterType) {
        guard let value else { return self.setNull(row) }
        self.require(row)
        precondition(self.type == type, "the column is not of that type")
        unsafe (self.values + row * self.stride).storeBytes(of: value, as: Value.self)
        unsafe self.indicators[row] = SQLLEN(MemoryLayout<Value>.size)
    }

    private func require(_ row: Int) {
        precondition(row >= 0 && row < self.capacity, "row out of range")
    }

    /// The bytes of a slot for a text of that many units: half as much again, so that slowly growing texts don't widen it each time.
    private static func width(for units: Int) -> Int { (units + units / 2) * 2 }

    private func widen(to units: Int) {
        guard units * 2 > self.stride else { return }
        let width = Self.width(for: units)
        let wider = UnsafeMutableRawPointer.allocate(byteCount: width * self.capacity, alignment: 8)
        for row in 0..<self.capacity {
            let length = unsafe self.indicators[row]
            guard length > 0 else { continue }
            unsafe (wider + row * width).copyMemory(from: self.values + row * self.stride, byteCount: length)
        }
        unsafe self.values.deallocate()
        unsafe self.values = wider
        self.stride = width
    }

    /// Writes UTF-16, for which there is room, and returns the number of units.
    private func store(_ units: String.UTF16View, _ row: Int) -> Int {
        let slot = unsafe self.slot(row)
        var count = 0
        for unit in units {
            unsafe slot[count] = unit
            count += 1
        }
        return count
    }

    private func slot(_ row: Int) -> UnsafeMutablePointer<UInt16> {
        unsafe (self.values + row * self.stride).assumingMemoryBound(to: UInt16.self)
    }
}
