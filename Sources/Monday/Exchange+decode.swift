package import HTTPClient
import Orders

extension Exchange {
    /// Judges the answer to a request for changes.
    ///
    /// Total: any status, headers and bytes give an outcome for each alias. `done` needs a 2xx answer of sound JSON, an object
    /// with a fit id under the alias, and no error of the alias's own; `refused` needs a definite no; all else is unknown.
    ///
    /// - Parameters:
    ///   - response: the answer.
    ///   - aliases: the request's, in order.
    ///   - now: UTC milliseconds at which the answer came.
    package init(response: HTTPResponse, aliases: [String], now: Int64) {
        let answer = Answer(response, now: now)
        let judge = AnswerJudge(answer: answer, aliases: aliases)
        self.init(
            outcomes: aliases.map { judge.outcome($0) },
            failure: judge.requestFailure,
            limits: answer.limits,
            requestID: answer.requestID,
            replayed: answer.replayed,
            apiVersion: answer.apiVersion,
            httpStatus: response.status
        )
    }

    /// Judges a request that got no whole answer: refused only where it is proved that Monday can't have seen it.
    package init(error: HTTPError, aliases: [String]) {
        let failure = Failure(transport: error, isMutation: true)
        self.init(
            outcomes: aliases.map { _ in error.bytesSent ? .unknown(failure) : .refused(failure) },
            failure: failure,
            limits: RateLimits(),
            requestID: nil,
            replayed: false,
            apiVersion: nil,
            httpStatus: nil
        )
    }
}

extension Failure {
    /// A request that got no whole answer.
    init(transport error: HTTPError, isMutation: Bool) {
        let kind: FailureClass =
            switch error.code {
            // Nothing a later try changes: the endpoint or the trust in it is set up wrongly.
            case .invalidRequest, .insecure, .certificate: .systemic
            case .resolve, .connect, .tls, .timeout, .tooLarge, .cancelled, .closed, .transfer:
                isMutation && error.bytesSent ? .inDoubt : .transient
            }
        self.init(
            kind,
            code: ErrorCode.transportPrefix + error.code.rawValue.uppercased(),
            message: error.message
        )
    }
}

/// The decision over one answer, alias by alias.
private struct AnswerJudge {
    private let answer: Answer
    private let data: JSON?
    /// Whether Monday began to carry the request out, as far as the answer shows it.
    private let hasFields: Bool
    /// What the answer says of the request as a whole; nil when each alias stands for itself.
    let requestFailure: Failure?
    private let requestIsRefused: Bool

    init(answer: Answer, aliases: [String]) {
        self.answer = answer
        self.data = answer.json?["data"]
        self.hasFields = self.data?.members?.isEmpty == false
        guard !self.hasFields else {
            self.requestFailure = nil
            self.requestIsRefused = false
            return
        }
        let verdict = Self.requestVerdict(answer, aliases: aliases)
        let errors = Self.requestErrors(answer, aliases: aliases)
        let error = errors.first { Verdict($0, status: answer.status) == verdict } ?? errors.first
        self.requestFailure = answer.failure(
            verdict,
            message: error?.words ?? answer.defect ?? "The answer holds neither data nor errors.",
            retryAfter: error?.retryAfter,
            doubt: .inDoubt
        )
        if case .refused = verdict { self.requestIsRefused = true } else { self.requestIsRefused = false }
    }

    /// The errors that are about no alias of ours.
    private static func requestErrors(_ answer: Answer, aliases: [String]) -> [AnswerError] {
        answer.errors.filter { error in error.path.first.map { !aliases.contains($0) } ?? true }
    }

    /// What an answer without data says of the whole request.
    private static func requestVerdict(_ answer: Answer, aliases: [String]) -> Verdict {
        guard answer.json != nil else {
            // Not Monday's own words. Only these statuses are a no by themselves; behind any other page it may be at work.
            return Verdict.byStatus(answer.status) ?? .doubtful(code: ErrorCode.malformedAnswer)
        }
        let errors = Self.requestErrors(answer, aliases: aliases)
        // `"data": null` is how an answer says that the work began and broke off.
        let began = answer.json?["data"] == .some(.null)
        let verdicts = errors.map { error in
            began && !Verdict.isCertain(error, status: answer.status)
                ? .doubtful(code: error.code ?? ErrorCode.emptyAnswer) : Verdict(error, status: answer.status)
        }
        // One doubt outweighs any number of refusals.
        let doubt = verdicts.first { if case .doubtful = $0 { true } else { false } }
        guard let verdict = doubt ?? verdicts.first else {
            return Verdict.byStatus(answer.status) ?? .doubtful(code: ErrorCode.emptyAnswer)
        }
        return verdict
    }

    func outcome(_ alias: String) -> AliasOutcome {
        let errors = self.answer.errors.filter { $0.path.first == alias }
        let own = errors.filter { $0.path.count == 1 }
        let value = self.data?[alias]
        if let value, value.members != nil {
            return self.outcome(alias, object: value, contradicted: own.first)
        }
        if !own.isEmpty, value == nil || value == .null {
            let failures = own.map { ($0, Verdict($0, status: self.answer.status)) }
            if let (error, _) = failures.first(where: { if case .doubtful = $0.1 { true } else { false } }) {
                return .unknown(self.answer.failure(error, doubt: .inDoubt))
            }
            return .refused(self.answer.failure(own[0], doubt: .inDoubt))
        }
        if let nested = errors.first {
            // A part of the result could not be told and took the whole with it: the change itself may stand.
            return self.doubt(nested.code ?? ErrorCode.emptyAnswer, nested.words)
        }
        if self.hasFields {
            let words = self.answer.errors.first { $0.path.isEmpty }?.words
            return self.doubt(ErrorCode.emptyAnswer, words ?? "The answer says nothing of \(alias).")
        }
        guard let failure = self.requestFailure else {
            return self.doubt(ErrorCode.emptyAnswer, "The answer says nothing of \(alias).")
        }
        return self.requestIsRefused ? .refused(failure) : .unknown(failure)
    }

    private func outcome(_ alias: String, object: JSON, contradicted error: AnswerError?) -> AliasOutcome {
        if let error { return self.doubt(error.code ?? ErrorCode.malformedAnswer, error.words) }
        guard (200...299).contains(self.answer.status) else {
            return self.doubt("HTTP_\(self.answer.status)", "An answer of status \(self.answer.status) holds data.")
        }
        if Alias.isOfChange(alias), let state = object["state"]?.string, state != "active" {
            // What a person has taken off the board is not brought into shape by that.
            return .refused(
                Failure(
                    .permanent,
                    code: ErrorCode.itemNotFound,
                    message: "The item is \(state.prefix(40)).",
                    httpStatus: self.answer.status
                )
            )
        }
        if Alias.hasTextID(alias) {
            if let id = object["id"]?.string, !id.isEmpty, id.utf8.count <= 255 { return .done(.text(id)) }
        } else if let id = object["id"]?.itemID {
            return .done(.number(id))
        }
        return self.doubt(ErrorCode.malformedAnswer, "The answer has no fit id for \(alias).")
    }

    private func doubt(_ code: String, _ message: String) -> AliasOutcome {
        .unknown(self.answer.failure(.doubtful(code: code), message: message, doubt: .inDoubt))
    }
}
