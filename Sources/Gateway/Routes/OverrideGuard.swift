import Accounts
import Catalog
import JSON
import Unified

/// Refuses overrides that no call could be made with, when they are to be stored.
///
/// Runs where expressions of overrides run: they are compiled.
struct OverrideGuard: Sendable {
    let catalog: Catalog
    /// Whose override it is.
    let environment: String

    /// - Parameter below: the environment's override, below an account's.
    /// - Throws: `invalid_body` naming the member and what is wrong with it.
    func check(
        integration override: JSONObject?, of name: String, over below: JSONObject = [:], param: String
    ) async throws {
        guard let override, !override.isEmpty else { return }
        try await checked(param) {
            try catalog.check(
                integrationOverride: EnvironmentVariables.removed(from: override), of: name,
                over: EnvironmentVariables.removed(from: below))
        }
    }

    /// - Parameter models: the environment's overrides of models, which may add what is mapped, by their names.
    func check(
        mappings override: JSONObject?, of integration: String, models: [String: JSONObject], param: String
    ) async throws {
        guard let override, !override.isEmpty else { return }
        try await checked(param) { try catalog.check(mappingOverride: override, of: integration, models: models) }
    }

    func check(model override: JSONObject, of model: String, param: String) async throws {
        guard !override.isEmpty else { return }
        try await checked(param) { try catalog.check(modelOverride: override, of: model) }
    }

    private func checked(_ param: String, _ body: () throws -> Void) async throws {
        do {
            try await EvaluationPool.shared.run(environment: environment, account: "", body)
        } catch let error as CatalogError {
            // An integration that the catalog lacks is refused elsewhere.
            let codes: [CatalogError.Code] = [
                .invalidDefinition, .hostNotAllowed, .unsafeValue, .expressionFailed, .unknownModel, .unknownResource, .unknownMethod,
            ]
            guard codes.contains(error.code) else { return }
            let faults = error.faults.prefix(3).map { "\($0.path): \($0.message)" }
            let what = faults.isEmpty ? error.message : faults.joined(separator: "; ")
            throw APIError(
                .invalidBody, "\(param) cannot be used: \(what)", param: param,
                hint: error.code == .hostNotAllowed
                    ? "Credentials go only to the integration's own hosts; the operator can list more in accounts.base_url_hosts"
                    : nil)
        }
    }
}
