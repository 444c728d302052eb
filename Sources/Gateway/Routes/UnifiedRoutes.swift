import Accounts
import Catalog
import HTTPTypes
import JSON
import NIOCore
import Unified
import Upstream

/// `/unified/{model}/{resource}…`: every method of every model.
struct UnifiedRoutes: Sendable {
    let services: Services
    let live: LiveConfiguration
    let limiter: RequestLimiter

    var routes: [Route] {
        let collection = "/unified/{model}/{resource}"
        let item = collection + "/{id}"
        return [
            Route(.get, collection, .apiOrAccountToken) { try await perform($0, $1, method: "list") },
            Route(.post, collection, .apiOrAccountToken) { try await perform($0, $1, method: "create") },
            Route(.patch, collection, .apiOrAccountToken) { try await perform($0, $1, method: "update") },
            Route(.delete, collection, .apiOrAccountToken) { try await perform($0, $1, method: "delete") },
            Route(.get, item, .apiOrAccountToken) { try await perform($0, $1, method: "get", takesID: true) },
            Route(.patch, item, .apiOrAccountToken) { try await perform($0, $1, method: "update", takesID: true) },
            Route(.delete, item, .apiOrAccountToken) { try await perform($0, $1, method: "delete", takesID: true) },
            Route(.post, item, .apiOrAccountToken) { call, caller in
                try await perform(call, caller, method: call.parameters["id"] ?? "")
            },
        ]
    }

    private func perform(_ call: Call, _ caller: Caller, method: String, takesID: Bool = false) async throws {
        let model = call.parameters["model"] ?? ""
        let resource = call.parameters["resource"] ?? ""
        try caller.require(model: model, resource: resource, method: method)
        let query = try call.query()
        let id = try caller.accountID(query)
        let parameters = try CommonParameters(query)
        let account = try await self.account(id, caller, model: model)
        CallNotes.current?.note {
            $0.account = account.id; $0.integration = account.integration
        }
        if let limit = live.accountLimit {
            call.responseWriter.limitFields = try await limiter.take("account \(account.id)", limit)
        }
        let hasBody = call.head.method != .get && call.head.method != .delete
        // An empty field says as much as none.
        if hasBody, let coding = call.headers[.contentEncoding]?.lowercased(), !["", "identity"].contains(coding) {
            throw APIError(
                .unsupportedMediaType, "Bodies with Content-Encoding \(coding) are not read",
                param: "content-encoding", hint: "Send the body as it is")
        }
        var unified = UnifiedCall(
            model: model, resource: resource, method: method, id: takesID ? call.parameters["id"] : nil,
            parameters: parameters, account: account, body: hasBody ? try call.inboundBody() : nil,
            rangeFields: call.rangeFields, wantsFileDigest: call.asksForIntegrity, logger: call.logger)
        unified.authorize = { try caller.require(model: model, resource: $0, method: $1) }
        unified.endWithClient = { [connection = call.connection] in connection.endWithClient() }
        unified.whenClientLeaves = { [connection = call.connection] act in connection.whenClientLeaves(act) }
        if call.head.method != .get, let idempotent = try IdempotentCall(call, services.accounts.idempotency) {
            return try await idempotent.perform(unified, by: services.unified)
        }
        try await services.unified.perform(unified) { response in try await call.responseWriter.deliver(response) }
    }

    /// The account of a call; one of another environment does not exist.
    private func account(_ id: String, _ caller: Caller, model: String) async throws -> CallAccount {
        let environment = try caller.environment()
        var resolved: ResolvedAccount
        do {
            resolved = try await services.accounts.integratedAccounts.resolve(id, environment: environment)
        } catch {
            guard error.code == .notFound else { throw error }
            throw APIError(.accountNotFound, "There is no such integrated account", param: "integrated_account_id")
        }
        if resolved.account.isBlocked {
            throw APIError(
                .accountBlocked, "The integrated account is blocked", hint: "Its operator ends that with 'attache account unblock'"
            )
            .header("retry-after", "60")
        }
        if !resolved.installation.isEnabled {
            throw APIError(
                .accountBlocked, "The integration is not enabled in this environment",
                hint: "Enable it with PATCH /environment-integration/{id}"
            )
            .header("retry-after", "60")
        }
        resolved = try await services.credentials.fresh(resolved)
        let installed = try await services.accounts.environmentUnifiedModels.resolve(model, environment: environment)
        return CallAccount(resolved, model: model, installed: installed)
    }
}

extension Call {
    /// The body, held to the digests that the client sent with it.
    fileprivate func inboundBody() throws(APIError) -> InboundBody {
        let digests = try DigestFields(headers)
        let chunks: InboundBody.Chunks =
            digests.isEmpty ? inboundChunks() : VerifiedChunks(base: inboundChunks(), digests: digests)
        return InboundBody(
            contentType: headers.text(of: .contentType), contentDisposition: headers[.contentDisposition],
            contentLength: contentLength, chunks: chunks, useSmallReads: connection.useSmallReads)
    }

    fileprivate var rangeFields: HTTPFields {
        var fields = HTTPFields()
        for name in [HTTPField.Name.range, .ifRange] where headers.contains(name) { fields[name] = headers[name] }
        return fields
    }

    /// Whether the client pays for digests: it sent one, or wants one.
    fileprivate var asksForIntegrity: Bool {
        [HTTPField.Name.contentDigest, .reprDigest, .wantReprDigest].contains { headers.contains($0) }
    }
}
