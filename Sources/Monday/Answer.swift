import HTTPClient
import Orders

/// An HTTP answer of Monday's, read as far as it can be read; total over any bytes.
struct Answer: Sendable {
    let status: Int
    /// The JSON object of the body; nil when the body is anything else, as a gateway's page is.
    let json: JSON?
    /// Why ``json`` is nil, in words without the body.
    let defect: String?
    let errors: [AnswerError]
    let requestID: String?
    let replayed: Bool
    let apiVersion: String?
    let limits: RateLimits
    /// The `Retry-After` header, in milliseconds.
    private let retryAfter: Int64?
    private let now: Int64

    /// Reads the answer.
    ///
    /// - Parameters:
    ///   - response: the HTTP answer.
    ///   - now: UTC milliseconds at which it came.
    init(_ response: HTTPResponse, now: Int64) {
        self.status = response.status
        self.now = now
        self.replayed = response.header("idempotency-replayed")?.lowercased() == "true"
        self.apiVersion = response.header("api-version").map { String($0.prefix(40)) }
        self.retryAfter = RetryHint.header(response.header("retry-after"), now: now)
        var limits = RateLimits(headers: response.headers)
        var json: JSON?
        var defect: String?
        do throws(JSONError) {
            let value = try JSON(parsing: response.body)
            if value.members == nil { defect = "The answer is JSON, but no object." } else { json = value }
        } catch {
            defect = "The answer is no JSON: \(error)."
        }
        limits.complexity = RateLimits.Complexity(json?["data"]?["complexity"])
        self.json = json
        self.defect = defect
        self.limits = limits
        self.errors = Self.errors(json)
        self.requestID =
            (json?["extensions"]?["request_id"]?.string ?? response.header("x-request-id")).map {
                String($0.prefix(100))
            }
    }

    /// All errors of the answer, those of the older form included.
    private static func errors(_ json: JSON?) -> [AnswerError] {
        guard let json else { return [] }
        let whole = AnswerError(answer: json)
        let listed: [AnswerError] =
            switch json["errors"] {
            case .none, .some(.null): []
            case .some(.array(let elements)): elements.prefix(1000).map { AnswerError($0) }
            // An error all the same, in a form that says nothing.
            case .some: [AnswerError(.null)]
            }
        // In the older form `errors` repeats the message without its code.
        guard let whole else { return listed }
        return [whole] + listed.filter { $0.code != nil || !$0.path.isEmpty }
    }

    /// The failure an error stands for, with the words, the status and the wait that come with it.
    func failure(_ error: AnswerError, doubt: FailureClass) -> Failure {
        self.failure(
            Verdict(error, status: self.status),
            message: error.words,
            retryAfter: [error.retryAfter, self.retryAfter].compactMap(\.self).max(),
            doubt: doubt
        )
    }

    /// A failure of this answer; `doubt` is the class of what may have happened.
    func failure(_ verdict: Verdict, message: String, retryAfter: Int64? = nil, doubt: FailureClass) -> Failure {
        let (kind, code): (FailureClass, String) =
            switch verdict {
            case .refused(let kind, let code): (kind, code)
            case .doubtful(let code): (doubt, code)
            }
        var wait = retryAfter ?? self.retryAfter
        if code == ErrorCode.dailyLimit { wait = wait ?? RetryHint.untilMidnight(now: self.now) }
        return Failure(
            kind,
            code: String(code.prefix(100)),
            message: message,
            httpStatus: self.status,
            retryAfterMilliseconds: wait
        )
    }
}
