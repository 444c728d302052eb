package import Accounts
import Catalog
import JSON
import Storage

extension ConnectService {
    var now: Timestamp { Effects.live.now() }

    /// Runs the integration's actions with a stored account, whose status then says how they went.
    ///
    /// - Throws: `ActionFailure`; `AccountsError`, `.notFound` for an unknown account.
    package func runActions(_ id: String, environment: String) async throws -> IntegratedAccount {
        let services = accounts.integratedAccounts
        let resolved = try await credentials.fresh(try await services.reread(id, environment: environment))
        let call = CallAccount(resolved)
        let integration = try catalog.integration(
            resolved.account.integration, environmentOverrides: call.environmentOverrides,
            accountOverrides: call.accountOverrides)
        do {
            let added = try await actions.run(
                integration,
                for: ActionRunner.Account(
                    environment: environment, id: id, context: resolved.context.exposed(),
                    openContext: resolved.openContext, authenticationMethod: resolved.account.authenticationMethod))
            let status = integration.status(
                of: resolved.context.exposed(), adding: added, method: resolved.account.authenticationMethod)
            return try await services.finishActions(
                id, environment: environment, status: status, lastError: nil, result: Self.result(nil, at: now),
                context: Secret(added), secretPaths: integration.secretPaths)
        } catch let failure as ActionFailure {
            let result = Self.result(failure, at: now)
            let isPostInstall = failure.action == .postInstall
            _ = try await services.finishActions(
                id, environment: environment, status: isPostInstall ? .postInstallError : .validationError,
                lastError: result, result: result)
            throw failure
        }
    }

    /// `{success, at}`, and of a failure `action`, `code`, `message`, `status`.
    static func result(_ failure: ActionFailure?, at time: Timestamp) -> JSONValue {
        var result: JSONObject = ["success": .bool(failure == nil), "at": .string(time.text)]
        if let failure {
            result["action"] = .string(failure.action.rawValue)
            result["code"] = .string(failure.error.code.name)
            result["message"] = .string(failure.error.message)
            if failure.error.remote != nil { result["status"] = .number(JSONNumber(failure.error.status)) }
        }
        return .object(result)
    }
}
