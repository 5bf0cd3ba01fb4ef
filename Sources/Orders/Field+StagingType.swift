extension Field.StagingType {
    /// The type as the map's file spells it.
    var yaml: String {
        switch self {
        case .text(let maximumLength?): "nvarchar(\(maximumLength))"
        case .text(nil): "nvarchar(max)"
        case .float: "float"
        case .date: "date"
        }
    }

    /// Reads `nvarchar(200)`, `nvarchar(max)`, `float` or `date`, in any case; nil for anything else.
    init?(yaml: String) {
        let word = yaml.lowercased()
        switch word {
        case "float": self = .float
        case "date": self = .date
        case "nvarchar(max)": self = .text(maximumLength: nil)
        default:
            guard word.hasPrefix("nvarchar("), word.hasSuffix(")"),
                let length = Int(word.dropFirst(9).dropLast()), (1...4000).contains(length)
            else { return nil }
            self = .text(maximumLength: length)
        }
    }
}
