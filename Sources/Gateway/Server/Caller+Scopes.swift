import Accounts
import HTTPTypes
import Unified

extension Caller {
    /// Refuses a token with scopes on a route that changes the environment.
    ///
    /// Scopes name unified methods alone. Whoever may change an account can point its calls elsewhere, or make a token
    /// that has no scopes, so a narrowed token that could do so would not be narrowed at all. Reading shows no secret.
    func require(_ route: Route) throws(APIError) {
        guard case .token(let token) = self, !token.scopes.isEmpty, route.access == .apiToken, route.method != .get
        else { return }
        throw APIError(
            .forbidden, "A token with scopes may make the calls of its scopes and read, but change nothing else",
            hint: "Use a token without scopes")
    }
}
