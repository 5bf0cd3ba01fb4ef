/// One line of the field map: a source column, where it goes, and by which rule.
package struct Field: Hashable, Sendable {
    /// How a cell becomes a value.
    package enum Rule: String, Hashable, Sendable, CaseIterable {
        /// Trimmed text without control characters.
        case text
        /// As `text`, with the words NULL, NONE and NAN read as no season.
        case season
        /// As `text`, replaced by the customer's canonical name.
        case customer
        /// A decimal number.
        case number
        /// A day.
        case date
    }

    /// The type of the staging column.
    package enum StagingType: Hashable, Sendable {
        /// Text of at most so many UTF-16 units; nil for NVARCHAR(MAX).
        case text(maximumLength: Int?)
        case float
        case date
    }

    /// What an update does with a value that stands on the board already.
    package enum OnBoard: String, Hashable, Sendable, CaseIterable {
        /// The source decides.
        case overwrite
        /// Written once when the item is made, then left to the people on the board.
        case keep
    }

    /// The place in ``FieldMap/fields``, and so in ``Order/values``.
    package let index: Int
    /// The source column, exactly as the source spells it.
    package let source: String
    /// The column of the staging and production tables.
    package let staging: String
    package let stagingType: StagingType
    package let rule: Rule
    /// Whole values to replace, keyed by the upper-cased value.
    package let replacements: [String: String]
    /// The column of the board; nil when the value goes to the warehouse only.
    package let mondayColumn: String?
    /// The type of the board's column; meaningless without ``mondayColumn``.
    package let mondayType: ColumnType
    package let onBoard: OnBoard
    package let createLabels: Bool
    /// The most UTF-16 units a value may have, in staging and on the board; nil when neither has a limit.
    package let valueLimit: Int?

    init(
        index: Int,
        source: String,
        staging: String,
        stagingType: StagingType,
        rule: Rule,
        replacements: [String: String],
        mondayColumn: String?,
        mondayType: ColumnType,
        onBoard: OnBoard,
        createLabels: Bool
    ) {
        self.index = index
        self.source = source
        self.staging = staging
        self.stagingType = stagingType
        self.rule = rule
        self.replacements = replacements
        self.mondayColumn = mondayColumn
        self.mondayType = mondayType
        self.onBoard = onBoard
        self.createLabels = createLabels
        let board = mondayColumn == nil ? nil : mondayType.maximumLength
        self.valueLimit =
            switch stagingType {
            case .text(let length?): min(length, board ?? length)
            case .text(nil), .float, .date: board
            }
    }

    /// The most UTF-16 units the staging column holds; nil when it has no limit.
    package var maxLength: Int? {
        guard case .text(let maximumLength) = self.stagingType else { return nil }
        return maximumLength
    }
}
