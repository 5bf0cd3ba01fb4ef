import Foundation

/// Numbers as people and spreadsheets write them, brought to one plain form.
enum DecimalText {
    /// Bounds within which both SQL's FLOAT and Monday's numbers hold a value digit by digit.
    private enum Limit {
        /// A double holds any 15 significant digits; up to 17 when they read back as they were.
        static let safeDigits = 15
        static let digits = 17
        static let integerDigits = 15
        static let fractionDigits = 20
        static let exponent = 40
    }

    enum Problem: Error {
        case notANumber
        case tooManyDigits
    }

    /// The canonical form of a trimmed text: `$1,234.50` is `1234.5`, `12%` is `12`, `TRUE` is `0`.
    static func canonical(_ text: String) throws(Problem) -> String {
        if Self.isCanonical(text) { return text }
        if text.utf8.count == 4, text.uppercased() == "TRUE" { return "0" }
        var scanner = Scanner(text)
        return try scanner.scan().text
    }

    /// Whether a text is a short number in its canonical form already, as most are.
    private static func isCanonical(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count <= Limit.safeDigits, var previous = bytes.first else { return false }
        if previous == UInt8(ascii: "0") {
            // A zero leads only alone or before the point.
            guard bytes.count == 1 || bytes.dropFirst().first == UInt8(ascii: ".") else { return false }
        }
        var hasPoint = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: ".") where !hasPoint && previous != UInt8(ascii: "."): hasPoint = true
            default: return false
            }
            previous = byte
        }
        return !hasPoint || (previous != UInt8(ascii: "0") && previous != UInt8(ascii: "."))
    }

    /// A number in parts: the digits without point and leading or trailing zeros, and where the point stands.
    private struct Parts {
        var isNegative: Bool
        var digits: [UInt8]
        /// How many of the digits stand before the point; negative for zeros after it.
        var point: Int

        /// The parts written out.
        var text: String {
            get throws(Problem) {
                guard !self.digits.isEmpty else { return "0" }
                guard self.digits.count <= Limit.digits, self.point <= Limit.integerDigits,
                    self.digits.count - self.point <= Limit.fractionDigits
                else { throw .tooManyDigits }
                var bytes: [UInt8] = []
                bytes.reserveCapacity(24)
                if self.isNegative { bytes.append(UInt8(ascii: "-")) }
                if self.point <= 0 {
                    bytes.append(UInt8(ascii: "0"))
                } else {
                    bytes.append(contentsOf: self.digits.prefix(self.point))
                    let zeros = max(0, self.point - self.digits.count)
                    bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: zeros))
                }
                if self.point < self.digits.count {
                    bytes.append(UInt8(ascii: "."))
                    bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, -self.point)))
                    bytes.append(contentsOf: self.digits.dropFirst(max(0, self.point)))
                }
                let text = String(decoding: bytes, as: UTF8.self)
                return self.digits.count > Limit.safeDigits ? try self.held(text) : text
            }
        }

        /// Sixteen digits and more are held only if the double nearest to them is written with just these digits.
        ///
        /// Databases and spreadsheets write a double with seventeen, 0.1 as 0.10000000000000001: that is the double's shortest text.
        private func held(_ text: String) throws(Problem) -> String {
            guard let value = Double(text) else { throw .tooManyDigits }
            let shortest = try Self.scanned(value.description)
            if self.isSame(shortest) { return text }
            guard self.isSame(try Self.scanned(String(format: "%.16e", value))) else { throw .tooManyDigits }
            return try shortest.text
        }

        private func isSame(_ other: Parts) -> Bool { other.digits == self.digits && other.point == self.point }

        private static func scanned(_ text: String) throws(Problem) -> Parts {
            var scanner = Scanner(text)
            return try scanner.scan()
        }
    }

    /// Reads one number from its bytes.
    private struct Scanner {
        private let bytes: [UInt8]
        private var at = 0

        init(_ text: String) {
            self.bytes = Array(text.utf8)
        }

        private var next: UInt8? { self.at < self.bytes.count ? self.bytes[self.at] : nil }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard self.next == UInt8(ascii: character) else { return false }
            self.at += 1
            return true
        }

        private mutating func takeDigits() -> ArraySlice<UInt8> {
            let start = self.at
            while let byte = self.next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { self.at += 1 }
            return self.bytes[start..<self.at]
        }

        mutating func scan() throws(Problem) -> Parts {
            var sign = self.takeSign()
            let isMoney = self.take("$")
            if isMoney, sign == nil { sign = self.takeSign() }
            var (digits, isGrouped) = try self.takeInteger()
            var point = digits.count
            if self.take(".") {
                let fraction = self.takeDigits()
                guard point + fraction.count > 0 else { throw .notANumber }
                digits.append(contentsOf: fraction)
            }
            guard !digits.isEmpty else { throw .notANumber }
            if !isMoney, !isGrouped { point += try self.takeExponent() }
            if !isMoney { _ = self.take("%") }
            guard self.at == self.bytes.count else { throw .notANumber }
            return Self.trimmed(Parts(isNegative: sign == UInt8(ascii: "-"), digits: digits, point: point))
        }

        private mutating func takeSign() -> UInt8? {
            guard let byte = self.next, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") else { return nil }
            self.at += 1
            return byte
        }

        /// The digits before the point, with or without separators in groups of three.
        private mutating func takeInteger() throws(Problem) -> (digits: [UInt8], isGrouped: Bool) {
            var digits = Array(self.takeDigits())
            guard self.next == UInt8(ascii: ",") else { return (digits, false) }
            guard (1...3).contains(digits.count) else { throw .notANumber }
            while self.take(",") {
                let group = self.takeDigits()
                guard group.count == 3 else { throw .notANumber }
                digits.append(contentsOf: group)
            }
            return (digits, true)
        }

        /// What databases and spreadsheets append to very large and very small numbers: `E-05`.
        private mutating func takeExponent() throws(Problem) -> Int {
            guard self.take("e") || self.take("E") else { return 0 }
            let sign = self.takeSign()
            let digits = self.takeDigits().drop { $0 == UInt8(ascii: "0") }
            guard self.bytes[self.at - 1] >= UInt8(ascii: "0"), self.bytes[self.at - 1] <= UInt8(ascii: "9") else {
                throw .notANumber
            }
            guard digits.count <= 2 else { throw .tooManyDigits }
            let exponent = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            guard exponent <= Limit.exponent else { throw .tooManyDigits }
            return sign == UInt8(ascii: "-") ? -exponent : exponent
        }

        private static func trimmed(_ parts: Parts) -> Parts {
            var parts = parts
            let leading = parts.digits.prefix { $0 == UInt8(ascii: "0") }.count
            parts.digits.removeFirst(leading)
            parts.point -= leading
            while parts.digits.last == UInt8(ascii: "0") { parts.digits.removeLast() }
            if parts.digits.isEmpty {
                parts.isNegative = false
                parts.point = 0
            }
            return parts
        }
    }
}
