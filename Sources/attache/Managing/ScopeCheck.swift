import Accounts
import Catalog
import JSON

extension AccountServices {
    /// Refuses scopes that no call is in, which a token would never be asked for.
    ///
    /// What has not the form of a scope is left to whoever makes the token.
    func checkScopes(_ texts: [String], _ catalog: Catalog, _ environment: String) async throws {
        guard !texts.isEmpty else { return }
        let installed = try await environmentUnifiedModels.list(environment: environment).result
        let overrides = Dictionary(installed.map { ($0.model, $0.override) }, uniquingKeysWith: { a, _ in a })
        let names = try CallNames(catalog, overrides: overrides)
        for text in texts {
            guard let scope = TokenScope(text) else { continue }
            func name(_ part: String?) -> String? { part == "*" ? nil : part }
            do throws(CatalogError) {
                try names.require(model: name(scope.model), resource: name(scope.resource), method: name(scope.method))
            } catch {
                throw CommandError("The scope '\(text)' allows nothing: \(error.message)")
            }
        }
    }
}
