import Accounts
import Catalog
import HTTPTypes
import JSON
import Storage
import Unified
import Upstream

/// What lets others than the backend do something: link tokens, which connect accounts, and integrated-account tokens,
/// which stand for one; with what the latter may do beside calls.
struct LinkRoutes: Sendable {
    let services: Services

    private var accounts: IntegratedAccountService { services.accounts.integratedAccounts }
    private var presenter: PlatformJSON { PlatformJSON(services: services) }

    var routes: [Route] {
        let account = "/integrated-account"
        return [
            Route(.post, "/link-token", .apiToken, "createLinkToken") { try await createLinkToken($0, $1) },
            Route(.post, account + "/token", .apiToken, "createAccountToken") { try await createAccountToken($0, $1) },
            Route(.post, account + "/run-post-install-actions", .apiToken, "runPostInstallActions") {
                try await runActions($0, $1)
            },
            Route(.get, account + "/me", .accountToken, "getOwnAccount") { call, caller in
                let own = try await accounts.get(try caller.accountID(), environment: try caller.environment())
                try await call.responseWriter.send(.json(try await presenter.json(own)))
            },
            Route(.patch, account + "/me", .accountToken, "updateOwnAccount") { try await updateOwn($0, $1) },
        ]
    }

    private func createLinkToken(_ call: Call, _ caller: Caller) async throws {
        let environment = try caller.environment()
        let request = try LinkRequest(json: try await call.jsonBody())
        if let address = request.redirectURI { try Self.checkRedirect(address) }
        if let origin = request.openerOrigin { try Self.checkOrigin(origin) }
        for id in request.environmentUnifiedModelIDs {
            do {
                _ = try await services.accounts.environmentUnifiedModels.get(id, environment: environment)
            } catch {
                guard error.code == .notFound else { throw error }
                throw APIError(
                    .invalidBody, "There is no installed unified model \(id)", param: "environment_unified_model_id")
            }
        }
        let token = try await services.accounts.linkTokens.create(request, environment: environment)
        try await call.responseWriter.send(.json(["link_token": .string(token.exposed())]))
    }

    private func createAccountToken(_ call: Call, _ caller: Caller) async throws {
        let id = try Self.id(try await call.jsonBody(), "integrated_account_id")
        let token = try await services.accounts.accountTokens.create(id, environment: try caller.environment())
        try await call.responseWriter.send(.json(["integrated_account_token": .string(token.exposed())]))
    }

    private func runActions(_ call: Call, _ caller: Caller) async throws {
        let id = try Self.id(try await call.jsonBody(), "id")
        let connect = ConnectService(accounts: services.accounts, unified: services.unified)
        do {
            _ = try await connect.runActions(id, environment: try caller.environment())
        } catch let failure as ActionFailure {
            throw failure.error
        }
        try await call.responseWriter.send(.json(["success": true]))
    }

    /// The holder may be a browser: it may change what the definition marks as the customer's own choice, and nothing else.
    private func updateOwn(_ call: Call, _ caller: Caller) async throws {
        let body = try await call.jsonBody()
        let own = try await accounts.get(try caller.accountID(), environment: try caller.environment())
        for (member, _) in body where member != "context" && member != "version" {
            throw Self.forbidden(member)
        }
        let definition = try services.catalog.integration(own.integration)
        let context = body["context"]?.object ?? [:]
        if SecretPaths.context.union(definition.secretPaths).touch(context) { throw Self.forbidden("context") }
        let open = definition.selfServiceFields
        for (member, _) in context where !open.contains(member) { throw Self.forbidden("context.\(member)") }
        let patch = try IntegratedAccountPatch(json: body)
        let account = try await accounts.update(
            own.id, environment: own.environmentID, patch, secretPaths: definition.secretPaths,
            isComplete: definition.isComplete(own.authenticationMethod))
        try await call.responseWriter.send(.json(try await presenter.json(account)))
    }

    private static func forbidden(_ member: String) -> APIError {
        APIError(
            .forbidden, "An integrated-account token may not change \(member)", param: member,
            hint: "Change it with an API token, or let the customer connect again")
    }

    private static func id(_ body: JSONObject, _ member: String) throws(APIError) -> String {
        guard let id = body[member]?.string, !id.isEmpty else {
            throw APIError(.missingBodyFields, "\(member) is required", param: member)
                .insight("missing_required_body_fields", "Body fields that the call needs", [.string(member)])
        }
        return id
    }

    /// Browsers are sent there with the result: over TLS, or to this very machine.
    private static func checkRedirect(_ address: String) throws(APIError) {
        guard let target = try? TargetURL(address), isSafe(target) else {
            throw APIError(
                .invalidBody, "redirect_uri must be an absolute https address; http only for localhost",
                param: "redirect_uri")
        }
    }

    private static func checkOrigin(_ origin: String) throws(APIError) {
        guard let target = try? TargetURL(origin), target.origin.description == origin, isSafe(target) else {
            throw APIError(
                .invalidBody, "opener_origin must be an origin such as https://app.example.com", param: "opener_origin")
        }
    }

    private static func isSafe(_ target: TargetURL) -> Bool {
        target.scheme == .https || Self.thisMachine.contains(target.host)
    }

    private static let thisMachine: [TargetURL.Host] = ["http://localhost", "http://127.0.0.1", "http://[::1]"]
        .compactMap { try? TargetURL($0).host }
}
