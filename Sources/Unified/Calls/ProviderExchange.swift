import Accounts
import Catalog
import HTTPTypes
import JSON
import Multipart
import NIOCore
import Upstream

/// What the calls to a provider that one unified call makes have in common.
///
/// A class, for every step of a call holds it across its waits: a struct of that size fills the frames of a thousand
/// waiting uploads.
final class ProviderExchange: Sendable {
    let service: UnifiedService
    let plan: MethodPlan
    let call: UnifiedCall
    /// What the call may hold.
    let room: InFlightBytes.Room
    let credentials: CallCredentials
    let evaluation: CallEvaluation
    let responses: HeldResponses

    init(
        service: UnifiedService, plan: MethodPlan, call: UnifiedCall, room: InFlightBytes.Room,
        credentials: CallCredentials, evaluation: CallEvaluation
    ) {
        self.service = service
        self.plan = plan
        self.call = call
        self.room = room
        self.credentials = credentials
        self.evaluation = evaluation
        responses = HeldResponses(service.inFlight)
    }

    /// Bytes of a form that are read before the provider is called.
    var lookahead: Int { room.lookahead }

    /// Whether that is less than promised, because many calls are under way.
    var isShort: Bool { room.lookahead < service.limits.lookahead }

    /// Bytes of the largest file that any provider call of this method takes.
    var maxFileBytes: Int64 {
        let gateway = service.limits.maxFileBytes
        return plan.largestFile.map { min(Int64($0), gateway) } ?? gateway
    }

    /// Whether a provider call takes the caller's own address of a file.
    var forwardsAddresses: Bool { plan.fileRoute.methods.contains { $0.fetchedFile?.isForwarded == true } }

    var parameters: CommonParameters { call.parameters }

    /// The input of the mappings, before any body is known.
    func scope(body: JSONValue? = nil, remoteData: JSONObject? = nil) throws(APIError) -> CallInput {
        var query = parameters.query
        let cursor = query["next_cursor"]?.string
        let limit = try Self.limit(query["limit"])
        query["next_cursor"] = nil
        query["limit"] = nil
        var scope = CallInput(
            query: query, body: body, context: call.account.context,
            authenticationMethod: call.account.authenticationMethod, id: call.id, remoteQuery: parameters.remoteQuery,
            remoteData: remoteData, limit: parameters.ignoreLimit ? nil : limit, cursor: cursor)
        scope.openContext = call.account.openContext
        if !plan.overriddenExpressions.isEmpty { scope.secrets = call.account.secretMask }
        return scope
    }

    private static func limit(_ value: JSONValue?) throws(APIError) -> Int? {
        guard let value, value != "" else { return nil }
        guard let limit = value.string.flatMap({ Int($0) }), limit >= 1 else {
            throw APIError(.invalidQueryParameter, "limit must be a whole number from 1", param: "limit")
        }
        return limit
    }

    /// Refuses a call that lacks what its method needs, before anything is sent.
    func validate(_ scope: CallInput) throws {
        let validation = try plan.validate(scope)
        if let fault = plan.fault(validation, query: scope.query) {
            var error = APIError(fault)
            if !validation.isComplete { error.insight = validation.insight ?? [:] }
            throw error
        }
        // The provider's own response is handed on as it is; the filter works on mapped records.
        if parameters.format == .raw || parameters.format == .stream, let name = plan.gatewayFilter(in: scope) {
            throw APIError(
                .unsupportedFilter,
                "The gateway filters by \(name), which needs mapped records and not truto_response_format=\(parameters.format.rawValue)",
                param: name, hint: "Ask for unified records, or leave the filter out")
        }
    }

    /// The outgoing request with everything but its body.
    func upstreamRequest(
        _ request: OutgoingRequest, body: UpstreamRequest.Body, contentType: String?
    ) throws
        -> UpstreamRequest
    {
        var upstream = UpstreamRequest(
            method: try request.httpMethod, url: request.target, headers: request.fields(contentType: contentType), body: body,
            limits: body.isProduced ? service.limits.streamTime : service.limits.callTime,
            credentialFields: request.credentialFields)
        upstream.bodyCapacity = room.pipe
        upstream.tenant = call.account.tenant
        return upstream
    }

    /// To be waited for before a request leaves.
    ///
    /// - Parameter isMain: whether it is the call itself, and not a step of it.
    /// - Returns: the call's turns, to be ended once the response is here.
    func sends(_ method: IntegrationMethod, isMain: Bool) async throws -> CallTurns {
        // First, as a call that is refused its turn was never sent.
        let turns = try await acquireRateLimit(method)
        let isWrite = method.mayChange(isMain: isMain)
        if isWrite, let willSend = call.willSend {
            do { try await willSend() } catch {
                turns.end()
                throw error
            }
        }
        call.watch?.sends(isWrite: isWrite)
        return turns
    }

    /// A call is counted here when it leaves and at the provider when it arrives. The first of a burst also makes the
    /// connection, so those behind it would come too early by that.
    private static let slack = Duration.milliseconds(250)

    /// Keeps the account below the limits that the definition gives: a call that is a little early waits, so that bursts
    /// are smoothed without anybody noticing; one that would have to wait for long is refused at once.
    ///
    /// - Returns: the call's turns, to be ended once the response is here.
    /// - Throws: `rate_limited`.
    func acquireRateLimit(_ method: IntegrationMethod) async throws -> CallTurns {
        let limits = plan.integration.rateLimit?.limits(of: method, authenticationMethod: call.account.authenticationMethod)
        guard let limits, !limits.isEmpty else { return CallTurns() }
        let asked = ContinuousClock.now
        defer { CallNotes.current?.note { $0.turnWait += asked.duration(to: .now) } }
        var turns = CallTurns()
        var counted: [(account: String, rules: [GCRABucket.Rule])] = []
        do {
            // The place among the calls of a kind before that among all calls, which others could have meanwhile.
            for limit in limits { try await turns.begin(limit, self) }
            // The rate last: calls leave as they are counted.
            for limit in limits where !limit.buckets.isEmpty { counted.append(try await pass(limit)) }
        } catch {
            turns.end()
            for (account, rules) in counted { service.turns.release(account, rules) }
            throw error
        }
        return turns
    }

    /// What an account's calls are counted under for a limit.
    fileprivate func account(_ limit: CallLimits) -> String {
        limit.name.isEmpty ? call.account.id : "\(call.account.id) \(limit.name)"
    }

    private func pass(_ limit: CallLimits) async throws -> (account: String, rules: [GCRABucket.Rule]) {
        let (account, buckets) = (account(limit), limit.buckets)
        // A call never waits longer for it than for a turn.
        let slack = min(Self.slack, service.limits.maxRateLimitWait)
        let rules = buckets.map {
            GCRABucket.Rule(requests: $0.requests, seconds: $0.seconds, burst: $0.burst, slack: slack)
        }
        let refusal = try await service.turns.pass(account, rules, timeLeft: service.limits.callTime.total)
        guard let refusal else { return (account, rules) }
        let bucket = buckets[refusal.rule]
        throw APIError.rateLimited(
            "\(plan.integration.label) allows \(bucket.requests) calls in \(bucket.seconds.plainText) seconds, and more are waiting already",
            limit: bucket.requests, reset: refusal.retryAfter)
    }

    /// Sends a request and collects the response.
    func send(_ request: UpstreamRequest) async throws -> CollectedResponse {
        let limit = service.limits.maxResponseBytes
        let mayRefuse = request.method == .get || request.method == .head
        let held = responses
        return try await service.upstream.withResponse(request) { response in
            let length = response.headers.text(of: .contentLength).flatMap { Int($0) }
            let isFree = length.map { $0 <= HeldResponses.free } ?? false
            return try await response.collected(upTo: limit, padding: ResponseBytes.padding) { bytes in
                if !isFree { try held.hold(bytes, mayRefuse: mayRefuse) }
            }
        }
    }

    /// Refuses a response that promised JSON or XML and holds something else.
    func requireReadable(_ response: ProviderResponse, of method: IntegrationMethod) throws(APIError) {
        try Self.requireReadable(response, of: method, secrets: secretMask)
    }

    /// - Parameter secrets: of the account, which the response may repeat; made only where there is something to mask.
    static func requireReadable(
        _ response: ProviderResponse, of method: IntegrationMethod, secrets: @autoclosure () -> SecretMask
    ) throws(APIError) {
        guard method.providerFormat == .json || method.providerFormat == .xml, method.isSuccess(response.status),
            !response.isDocument, let text = response.text
        else { return }
        let format = method.providerFormat.rawValue.uppercased()
        var error = APIError(.badProviderResponse, "The provider's response is not \(format)")
        error.remote = RemoteFailure(rawResponse: .string(String(secrets().masked(text).prefix(1000))))
        throw error
    }

    func refusal(_ failure: ProviderFailure, of request: OutgoingRequest, _ response: ProviderResponse) async -> APIError {
        if let notes = CallNotes.current, notes.keepsExchange {
            let exchange = JSONValue.object(FailedExchange.json(request, response, secrets: secretTexts)).text()
            notes.note { $0.exchange = exchange }
        }
        var error = APIError(failure, response: response, secrets: secretMask)
        // Says which part of the file could be asked for.
        if failure.status == 416 { error.headerFields.replace(with: FileDownload.rangeFields(of: response.headers)) }
        guard request.isAtOwnHost else { return error }
        if failure.status == 403 { await credentials.forbidden() }
        if failure.status == 401 {
            error.hint =
                await credentials.refused()
                ? "The account's credentials have been renewed meanwhile: send the call again"
                : "The account's last_error says what to do"
        }
        return error
    }

    /// Has a request sent once more after a 401, with newer credentials, if its body can be sent twice.
    ///
    /// - Parameter rebuild: the whole request, body included, as it is with another context.
    func renewing(
        _ upstream: inout UpstreamRequest, _ request: OutgoingRequest,
        _ rebuild: @escaping @Sendable (JSONObject) throws -> UpstreamRequest?
    ) {
        guard request.isAtOwnHost else { return }
        upstream.onUnauthorized = { [credentials, evaluation] sent in
            guard let context = await credentials.renew(),
                let fresh = try? await evaluation.run(0, { try rebuild(context) })
            else { return nil }
            return sent.renewed(by: fresh)
        }
    }

    /// Masks the account's secrets, those that were renewed during the call too.
    var secretMask: SecretMask { SecretMask(secretTexts) }

    var secretTexts: [String] { (call.account.stored?.secretTexts ?? []) + credentials.secretTexts }
}

extension UpstreamRequest {
    /// The same request with newer credentials: address, header fields and body are those of `fresh`.
    func renewed(by fresh: UpstreamRequest) -> UpstreamRequest {
        var request = self
        request.url = fresh.url
        request.body = fresh.body
        request.headers = fresh.headers
        request.credentialFields = fresh.credentialFields
        // What is accepted, and which part, is decided by who reads the response.
        for name in [HTTPField.Name.accept, .range, .ifRange] { request.headers[name] = headers[name] }
        return request
    }
}

/// The places of one call among those under way at its provider.
struct CallTurns: Sendable {
    private var turns: [CallTurn] = []

    fileprivate mutating func begin(_ limit: CallLimits, _ exchange: ProviderExchange) async throws {
        guard let most = limit.concurrency else { return }
        guard let turn = try await exchange.service.concurrency.begin(exchange.account(limit), limit: most) else {
            let calls = most == 1 ? "one call" : "\(most) calls"
            throw APIError.rateLimited(
                "\(exchange.plan.integration.label) allows \(calls) at a time, and more are waiting already", limit: most, reset: 1)
        }
        turns.append(turn)
    }

    /// Doing it again changes nothing.
    func end() { for turn in turns { turn.end() } }
}
