/// One entry of an answer's `errors`, or the whole of an answer in the older form.
struct AnswerError: Hashable, Sendable {
    let message: String
    /// `extensions.code`, or `error_code` where some of Monday's services say it so.
    let code: String?
    /// `extensions.status_code`: the status Monday means, whatever the status of the HTTP answer.
    let status: Int?
    /// The names in the error's path; an index is given as `#`; empty when the error is about the whole request.
    let path: [String]
    /// `extensions.error_data`.
    let data: JSON?
    /// How long the error asks to wait, in milliseconds.
    let retryAfter: Int64?

    /// Whether the entry has a form that Monday uses; one that says nothing proves nothing.
    let isSound: Bool

    /// Reads an entry of `errors`: an object, or in older answers a plain string.
    init(_ json: JSON) {
        let extensions = json["extensions"]
        self.message = json.string ?? json["message"]?.string ?? ""
        self.code = extensions?["code"]?.string ?? extensions?["error_code"]?.string
        self.status = Self.status(extensions?["status_code"])
        self.path = (json["path"]?.elements ?? []).prefix(16).map { $0.string ?? "#" }
        self.data = extensions?["error_data"]
        self.isSound = self.code != nil || !self.message.isEmpty
        self.retryAfter = RetryHint.error(extensions: extensions, message: self.message)
    }

    /// Reads the older form, in which the answer itself is the error; nil when the answer is of another form.
    init?(answer json: JSON) {
        guard json["error_code"] != nil || json["error_message"] != nil else { return nil }
        self.message = json["error_message"]?.string ?? ""
        self.code = json["error_code"]?.string
        self.status = Self.status(json["status_code"])
        self.path = []
        self.data = json["error_data"]
        self.isSound = self.code != nil || !self.message.isEmpty
        self.retryAfter = RetryHint.error(extensions: nil, message: self.message)
    }

    private static func status(_ json: JSON?) -> Int? {
        json?.integer.flatMap { Int(exactly: $0) }.flatMap { (100...599).contains($0) ? $0 : nil }
    }

    /// The message with what else tells a person where to look: the column, and each of several broken rules.
    var words: String {
        var words = self.message
        if let column = self.data?["column_id"]?.string {
            let name = self.data?["column_name"]?.string.map { " (\($0))" } ?? ""
            words = "column \(column)\(name): \(words)"
        }
        let rules = (self.data?.elements ?? []).prefix(10).compactMap { $0["message"]?.string }
        if !rules.isEmpty { words += ": \(rules.joined(separator: "; "))" }
        return words
    }
}
