/// Why a cell can't be taken, in words for the person who mends the source.
struct CellProblem: Error, Hashable {
    let reason: String
}

extension Field {
    /// The value of a cell by this field's rule; nil for null.
    func value(of cell: String, customers: CustomerNames) throws(CellProblem) -> FieldValue? {
        let breaks: CellText.Breaks = self.mondayType == .longText && self.mondayColumn != nil ? .kept : .spaced
        guard let text = CellText.cleaned(cell, breaks) else { return nil }
        let value: FieldValue
        switch self.rule {
        case .text:
            value = .text(self.replacements.isEmpty ? text : self.replacements[text.uppercased()] ?? text)
        case .customer:
            value = .text(customers.canonical(text))
        case .season:
            guard !CellText.isNullWord(text) else { return nil }
            value = .text(text)
        case .number:
            guard !CellText.isNullWord(text) else { return nil }
            value = .number(try Self.number(text))
        case .date:
            guard !CellText.isNullWord(text) else { return nil }
            value = .date(try Self.date(text))
        }
        try self.checkLength(value.text)
        try self.checkLabel(value.text)
        return value
    }

    private static func number(_ text: String) throws(CellProblem) -> String {
        do {
            return try DecimalText.canonical(text)
        } catch {
            switch error {
            case .notANumber: throw CellProblem(reason: "is not a number")
            case .tooManyDigits: throw CellProblem(reason: "has more digits than a FLOAT holds")
            }
        }
    }

    private static func date(_ text: String) throws(CellProblem) -> String {
        do {
            return try DayText.canonical(text)
        } catch {
            switch error {
            case .notADay:
                throw CellProblem(reason: "is not a day (YYYY-MM-DD or month/day/year, without a time)")
            case .yearOutOfRange:
                throw CellProblem(reason: "has a year outside \(DayText.years.lowerBound)–\(DayText.years.upperBound)")
            }
        }
    }

    /// Monday.com reads the text of a status label that is a number as a label's id: it would show another label, or none.
    private func checkLabel(_ text: String) throws(CellProblem) {
        guard self.mondayColumn != nil, self.mondayType == .status else { return }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return }
        throw CellProblem(reason: "is a number, which Monday.com takes for the id of a label in a status column")
    }

    private func checkLength(_ text: String) throws(CellProblem) {
        // UTF-8 never has fewer units than UTF-16, and counting them is free.
        guard let limit = self.valueLimit, text.utf8.count > limit else { return }
        let length = text.utf16.count
        guard length > limit else { return }
        if let maxLength = self.maxLength, length > maxLength {
            throw CellProblem(reason: "has \(length) characters; column “\(self.staging)” holds \(maxLength)")
        }
        let type = self.mondayType.rawValue
        throw CellProblem(reason: "has \(length) characters; Monday.com takes \(limit) in a \(type) column")
    }
}
