import Accounts
import Catalog
import HTTPTypes
import JSON
import Unified

/// What callers do about an account's credentials: refresh them, replace them.
struct CredentialRoutes: Sendable {
    let services: Services

    var routes: [Route] {
        let collection = "/integrated-account"
        return [
            Route(.post, collection + "/refresh-credentials", .apiToken, "refreshCredentials") {
                try await refresh($0, $1)
            },
            Route(.patch, collection + "/{id}/credentials", .apiToken, "replaceCredentials") {
                try await replace($0, $1)
            },
        ]
    }

    private func refresh(_ call: Call, _ caller: Caller) async throws {
        guard let id = try await call.jsonBody()["id"]?.string, !id.isEmpty else {
            throw APIError(.missingBodyFields, "id is required", param: "id")
        }
        switch try await services.credentials.refresh(id, environment: try caller.environment()) {
        case .refreshed: try await call.responseWriter.send(.json(["success": true]))
        case .impossible:
            throw APIError(
                .credentialsNotRefreshable, "The account has no credentials that can be refreshed",
                hint: "Replace them with PATCH /integrated-account/:id/credentials")
        case .dead(let failure):
            throw APIError(
                .credentialsNotRefreshable, "The provider has ended the authorization: \(failure.message)",
                hint: "Let the customer connect again")
        case .failed(let failure):
            throw APIError(
                .credentialsRefreshFailed, "The provider gave no new credentials: \(failure.message)",
                hint: "The account's last_error says what to do")
        }
    }

    private func replace(_ call: Call, _ caller: Caller) async throws {
        let environment = try caller.environment()
        // The same members as of the whole account's patch, read by the same rules.
        var patch = try IntegratedAccountPatch(json: try await call.jsonBody())
        guard let context = patch.context else {
            throw APIError(.missingBodyFields, "context is required", param: "context")
        }
        let service = services.accounts.integratedAccounts
        let current = try await service.get(call.pathID, environment: environment)
        let definition = try services.catalog.integration(current.integration)
        if let name = patch.authenticationMethod { patch.authenticationMethod = try definition.method(named: name).name }
        let account = try await service.replaceCredentials(
            current.id, environment: environment, context: context,
            authenticationMethod: patch.authenticationMethod, version: patch.version,
            secretPaths: definition.secretPaths,
            isComplete: definition.isComplete(patch.authenticationMethod ?? current.authenticationMethod))
        try await call.responseWriter.send(.json(try await PlatformJSON(services: services).json(account)))
    }
}
