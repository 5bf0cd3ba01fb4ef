internal import CrashPoints
package import HTTPClient
package import Orders

import FoundationEssentials
import Synchronization

/// Monday.com's API: requests for changes, and reads of boards and items.
package final class MondayClient: Sendable {
    /// The API version that every request names.
    package static let apiVersion = "2026-10"

    private let http: HTTPClient
    private let endpoint: String
    private let token: Mutex<Token>
    private let renewal: (@Sendable () async -> Secret?)?
    private let requestTimeout: Duration
    private let pacer: Pacer?
    private let now: @Sendable () -> Int64
    /// What proves who we are.
    private struct Token {
        var secret: Secret
        /// Whether Monday has refused it since it was fetched.
        var isRefused = false
    }

    private let lastVersion = Mutex<String?>(nil)

    /// The API version that answered last, when it is another than the one asked for: Monday answers with the version in
    /// force when it no longer has, or does not yet have, ours.
    package var foreignVersion: String? {
        self.lastVersion.withLock { $0 == Self.apiVersion ? nil : $0 }
    }

    /// Makes a client; connects with the first request.
    ///
    /// - Parameters:
    ///   - http: the transport.
    ///   - endpoint: the URL of the API.
    ///   - token: sent with every request, shown nowhere.
    ///   - renewal: fetches the token anew before the next request once it was refused; nil when there is no other.
    ///   - requestTimeout: the most a request may take; Monday itself gives up after 60 s.
    ///   - pacer: reads wait for it; for changes the caller asks it, before it writes down the time of sending.
    ///   - now: UTC milliseconds.
    package init(
        http: HTTPClient,
        endpoint: String,
        token: Secret,
        renewal: (@Sendable () async -> Secret?)? = nil,
        requestTimeout: Duration = .seconds(60),
        pacer: Pacer? = nil,
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    ) {
        self.http = http
        self.endpoint = endpoint
        self.token = Mutex(Token(secret: token))
        self.renewal = renewal
        self.requestTimeout = requestTimeout
        self.pacer = pacer
        self.now = now
    }

    /// Sends a request for changes once, and judges what came back; never throws, never sends twice.
    package func mutate(_ request: MutationRequest, idempotencyKey: String) async -> Exchange {
        do throws(HTTPError) {
            // Monday keeps answers of up to 1 MB for a key; one with ids alone is far below.
            let response = try await self.send(
                .mutation,
                await self.request(
                    request.body,
                    headers: [("Idempotency-Key", idempotencyKey)],
                    maximumResponse: 4 << 20
                )
            )
            self.note(response)
            return Exchange(response: response, aliases: request.aliases, now: self.now())
        } catch {
            return Exchange(error: error, aliases: request.aliases)
        }
    }

    /// Reads the data of a query; any error in the answer fails the whole read, since half of it could pass for all.
    func read(_ document: String, _ variables: [JSON.Member]) async throws(Failure) -> JSON {
        let body = JSON.object([
            JSON.Member("query", .string(document)),
            JSON.Member("variables", .object(variables)),
        ]).bytes
        let permit: Pacer.Permit?
        do { permit = try await self.pacer?.admit(.read) } catch {
            throw Failure(
                .transient,
                code: ErrorCode.cancelled,
                message: "Cancelled while waiting for Monday's budget."
            )
        }
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await self.send(
                .read,
                await self.request(body, headers: [], maximumResponse: 32 << 20, isRead: true)
            )
        } catch {
            let failure = Failure(transport: error, isMutation: false)
            if let permit { await self.pacer?.finish(permit, limits: RateLimits(), failure: failure) }
            throw failure
        }
        self.note(response)
        let answer = Answer(response, now: self.now())
        do throws(Failure) {
            let data = try answer.data()
            if let permit { await self.pacer?.finish(permit, limits: answer.limits, failure: nil) }
            return data
        } catch {
            if let permit { await self.pacer?.finish(permit, limits: answer.limits, failure: error) }
            throw error
        }
    }

    private func send(_ point: CrashPoint, _ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        point.pass(.before)
        defer { point.pass(.after) }
        return try await self.http.send(request)
    }

    /// The token for the next request: fetched anew after a refusal, so that one that was replaced needs no restart.
    private func currentToken() async -> Secret {
        let known = self.token.withLock { $0 }
        guard known.isRefused, let fresh = await self.renewal?() else { return known.secret }
        self.token.withLock { $0 = Token(secret: fresh) }
        return fresh
    }

    private func note(_ response: HTTPResponse) {
        if response.status == 401 { self.token.withLock { $0.isRefused = true } }
        guard let version = response.header("api-version") else { return }
        self.lastVersion.withLock { $0 = String(version.prefix(40)) }
    }

    private func request(
        _ body: [UInt8],
        headers: [(name: String, value: String)],
        maximumResponse: Int,
        isRead: Bool = false
    ) async -> HTTPRequest {
        HTTPRequest(
            url: self.endpoint,
            headers: [
                ("Content-Type", "application/json"),
                ("Accept", "application/json"),
                ("API-Version", Self.apiVersion),
                ("Authorization", await self.currentToken().reveal()),
            ] + headers,
            body: body,
            timeout: self.requestTimeout,
            maximumResponseBytes: maximumResponse,
            isRepeatable: isRead
        )
    }
}

extension Answer {
    /// The data of a query's answer without any error.
    func data() throws(Failure) -> JSON {
        guard let json = self.json else {
            // Reads are repeated, so a page in the way of the answer is a passing fault, unless it refuses us.
            let verdict: Verdict =
                switch self.status {
                case 401, 423, 429: Verdict.byStatus(self.status) ?? .doubtful(code: ErrorCode.malformedAnswer)
                case 300...499: .refused(.systemic, code: "HTTP_\(self.status)")
                default:
                    .doubtful(
                        code: (500...599).contains(self.status) ? "HTTP_\(self.status)" : ErrorCode.malformedAnswer
                    )
                }
            throw self.failure(verdict, message: self.defect ?? "", doubt: .transient)
        }
        if let error = self.errors.first { throw self.failure(error, doubt: .transient) }
        guard (200...299).contains(self.status), let data = json["data"], data.members != nil else {
            let verdict = Verdict.byStatus(self.status) ?? .doubtful(code: ErrorCode.emptyAnswer)
            throw self.failure(verdict, message: "The answer holds no data.", doubt: .transient)
        }
        return data
    }
}
