import Orders

/// What an error of Monday's means: whether it is a definite no, and of what kind.
enum Verdict: Hashable, Sendable {
    /// Not carried out, of that class.
    case refused(FailureClass, code: String)
    /// It may have been carried out.
    case doubtful(code: String)

    /// Judges an error by its code, then its words, then the status it carries, then the status of the HTTP answer.
    ///
    /// - Parameters:
    ///   - error: the error.
    ///   - status: the status of the HTTP answer.
    init(_ error: AnswerError, status: Int) {
        if !error.isSound {
            self = Self.byStatus(status) ?? .doubtful(code: ErrorCode.malformedAnswer)
        } else if let code = error.code, let verdict = Self.byCode(code, error) {
            self = verdict
        } else if let verdict = Self.byWords(error, status: status) {
            self = verdict
        } else if let inner = error.status, let verdict = Self.byStatus(inner, code: error.code) {
            self = verdict
        } else if let verdict = Self.byStatus(status, code: error.code) {
            self = verdict
        } else {
            self = .refused(.permanent, code: error.code ?? ErrorCode.refused)
        }
    }

    /// Whether an error says for certain that nothing was done, even where Monday began with the request.
    ///
    /// A code that is new to us may stand for anything, unless a status of 4xx comes with it.
    static func isCertain(_ error: AnswerError, status: Int) -> Bool {
        if let code = error.code, Self.byCode(code, error) != nil { return true }
        return (400...499).contains(error.status ?? status) || Self.byWords(error, status: status) != nil
    }

    /// What a status alone says; nil when it says nothing, as 200 does.
    static func byStatus(_ status: Int, code: String? = nil) -> Verdict? {
        switch status {
        case 401: .refused(.systemic, code: ErrorCode.notAuthenticated)
        case 423: .refused(.throttled, code: ErrorCode.locked)
        case 429: .refused(.throttled, code: code ?? "HTTP_429")
        case 500...599: .doubtful(code: code ?? "HTTP_\(status)")
        default: nil
        }
    }

    private static func byCode(_ code: String, _ error: AnswerError) -> Verdict? {
        if let verdict = Self.table[code] { return verdict }
        switch code {
        case "ResourceNotFoundException": return Self.notFound(error)
        case "ColumnValueException":
            let missing = error.data?["column_validation_error_code"]?.string == "missingLabel"
            return .refused(.permanent, code: missing ? ErrorCode.missingLabel : code)
        default: return code.hasPrefix("CallLimitExceeded") ? .refused(.throttled, code: code) : nil
        }
    }

    /// Which thing was not found: by name where the error says it, else by the words.
    private static func notFound(_ error: AnswerError) -> Verdict {
        let kind = error.data?["resource_type"]?.string?.lowercased()
        let message = error.message.lowercased()
        func names(_ word: String) -> Bool { kind.map { $0 == word } ?? message.hasPrefix(word) }
        if names("group") { return .refused(.permanent, code: ErrorCode.groupNotFound) }
        if names("item") || names("subitem") || names("pulse") {
            return .refused(.permanent, code: ErrorCode.itemNotFound)
        }
        if names("board") { return .refused(.systemic, code: ErrorCode.boardNotFound) }
        if names("column") { return .refused(.systemic, code: ErrorCode.columnNotFound) }
        return .refused(.permanent, code: "ResourceNotFoundException")
    }

    /// Errors that carry no code of their own.
    private static func byWords(_ error: AnswerError, status: Int) -> Verdict? {
        let message = error.message.prefix(400).lowercased()
        if message.contains("currently locked") || message.contains("failed to acquire lock") {
            return .refused(.throttled, code: ErrorCode.locked)
        }
        if error.code == nil, error.status == nil, error.path.isEmpty, status == 200 || status == 400 {
            // The router's own check of the document: a message and a place in the text, nothing else.
            let beginnings = [
                "cannot query field", "unknown argument", "unknown type", "field \"", "parse error", "syntax error",
            ]
            if beginnings.contains(where: message.hasPrefix) {
                return .refused(.systemic, code: ErrorCode.schemaMismatch)
            }
            if message == "not authenticated" { return .refused(.systemic, code: ErrorCode.notAuthenticated) }
        }
        return nil
    }

    /// Monday's codes and what they mean; codes that are not here are judged by their status.
    private static let table: [String: Verdict] = {
        var table: [String: Verdict] = [:]
        for code in [
            "COMPLEXITY_BUDGET_EXHAUSTED", "ComplexityException", "complexityBudgetExhausted", "RATE_LIMIT_EXCEEDED",
            "MINUTE_RATE_LIMIT_EXCEEDED", "FIELD_MINUTE_RATE_LIMIT_EXCEEDED", "FIELD_LIMIT_EXCEEDED",
            "maxConcurrencyExceeded", "IP_RATE_LIMIT_EXCEEDED", "tooManyRequests", "MutationCallsExceeded",
            "RateLimitedException", "API_TEMPORARILY_BLOCKED",
        ] {
            table[code] = .refused(.throttled, code: code)
        }
        for code in [
            "USER_ACCESS_DENIED", "missingRequiredPermissions", "InvalidVersionException",
            "NoSubitemsColumnInThisBoard",
        ] {
            table[code] = .refused(.systemic, code: code)
        }
        for code in [
            "UserUnauthorizedException", "USER_UNAUTHORIZED", "UNAUTHORIZED", "CorrectedValueException",
            "DATA_VALIDATIONS_ERROR", "InvalidArgumentException", "InvalidUserIdException",
            "InvalidColumnTypeException",
            "RecordInvalidException", "DeleteLastGroupException", "CreateBoardException", "JsonParseException",
        ] {
            table[code] = .refused(.permanent, code: code)
        }
        for code in ["undefinedField", "argumentNotAccepted", "argumentLiteralsIncompatible"] {
            table[code] = .refused(.systemic, code: ErrorCode.schemaMismatch)
        }
        for code in ["REQUEST_TIMEOUT", "INTERNAL_SERVER_ERROR", "InternalServerError"] {
            table[code] = .doubtful(code: code == "REQUEST_TIMEOUT" ? code : ErrorCode.internalError)
        }
        for code in ["REQUEST_MAX_COMPLEXITY_EXCEEDED", "maxComplexityExceeded"] {
            table[code] = .refused(.permanent, code: ErrorCode.requestTooComplex)
        }
        for code in ["InvalidItemIdException", "InvalidSubitemIdException"] {
            table[code] = .refused(.permanent, code: ErrorCode.itemNotFound)
        }
        for code in ["CursorExpiredError", "CursorException"] {
            table[code] = .refused(.transient, code: ErrorCode.cursorExpired)
        }
        table["DAILY_LIMIT_EXCEEDED"] = .refused(.systemic, code: ErrorCode.dailyLimit)
        table["IDEMPOTENCY_CONFLICT"] = .doubtful(code: ErrorCode.idempotencyConflict)
        table["NOT_AUTHENTICATED"] = .refused(.systemic, code: ErrorCode.notAuthenticated)
        table["InvalidBoardIdException"] = .refused(.systemic, code: ErrorCode.boardNotFound)
        table["InvalidColumnIdException"] = .refused(.systemic, code: ErrorCode.columnNotFound)
        table["InvalidGroupIdException"] = .refused(.permanent, code: ErrorCode.groupNotFound)
        table["ItemsLimitationException"] = .refused(.systemic, code: ErrorCode.boardFull)
        table["ItemNameTooLongException"] = .refused(.permanent, code: ErrorCode.nameTooLong)
        return table
    }()
}
