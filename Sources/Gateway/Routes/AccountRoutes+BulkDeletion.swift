import Accounts
import JSON

extension AccountRoutes {
    /// `POST /integrated-account/bulk-delete`.
    func deleteSelected(_ call: Call, _ caller: Caller) async throws {
        let selection = try AccountSelection(json: try await call.jsonBody())
        try await services.accounts.integratedAccounts.delete(selection, environment: try caller.environment())
        try await call.responseWriter.send(.json(["success": true]))
    }
}
