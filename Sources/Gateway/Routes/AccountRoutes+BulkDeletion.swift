import Accounts
import JSON

extension AccountRoutes {
    /// `POST /integrated-account/bulk-delete`.
    func deleteSelected(_ call: Call, _ caller: Caller) async throws {
        let selection = try AccountSelection(json: try await call.jsonBody())
        let deleted = try await services.accounts.integratedAccounts.delete(
            selection, environment: try caller.environment())
        for account in deleted { await services.accounts.announce(.deleted, of: account) }
        try await call.outlet.send(.json(["success": true]))
    }
}
