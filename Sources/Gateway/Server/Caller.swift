import Accounts
import HTTPTypes
import JSON
import Unified
import Upstream

/// Who makes a call.
enum Caller: Sendable {
    /// On routes that anyone may call.
    case anyone
    /// The bearer of an API token of one environment.
    case token(APIToken)
    /// The bearer of an integrated-account token, who stands for that account alone.
    case account(AccountTokenService.Holder)

    /// The environment whose things the caller may see.
    func environment() throws(APIError) -> String {
        switch self {
        case .anyone: throw Self.unauthorized
        case .token(let token): return token.environmentID
        case .account(let holder): return holder.environmentID
        }
    }

    /// The account that the caller stands for.
    func accountID() throws(APIError) -> String {
        guard case .account(let holder) = self else { throw Self.onlyForAccountTokens }
        return holder.integratedAccountID
    }

    /// The account that a unified call is for: the one it names, or the one that the caller stands for.
    ///
    /// - Throws: `forbidden` for any other account, whether it exists or not.
    func accountID(_ query: JSONObject) throws(APIError) -> String {
        guard case .account(let holder) = self else { return try CommonParameters.accountID(query) }
        let name = "integrated_account_id"
        if let named = query[name], named != "", named.string?.lowercased() != holder.integratedAccountID {
            throw APIError(.forbidden, "The token stands for one account, which is not this one", param: name)
        }
        return holder.integratedAccountID
    }

    /// Who the audit log says it was.
    var auditActor: String {
        switch self {
        case .anyone: "anyone"
        case .token(let token): "token \(token.id)"
        case .account(let holder): "account token \(holder.integratedAccountID)"
        }
    }

    /// Whose calls are counted together.
    var limitKey: String? {
        switch self {
        case .anyone: nil
        case .token(let token): "token \(token.id)"
        case .account(let holder): "account token \(holder.integratedAccountID)"
        }
    }

    static let onlyForAccountTokens = APIError(
        .forbidden, "This is for the holder of an integrated-account token",
        hint: "With an API token use /integrated-account/{id}")

    /// Refuses a token whose scopes do not hold a unified method.
    func require(model: String, resource: String, method: String) throws(APIError) {
        guard case .token(let token) = self, !token.allows(model: model, resource: resource, method: method) else {
            return
        }
        throw APIError(.forbidden, "The token's scopes do not allow \(method) of \(model)/\(resource)")
    }

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

    /// One wording for a token that is missing, unknown, expired or revoked: which of them is not told.
    static let unauthorized = APIError(
        .unauthorized, "A valid token is required",
        hint: "Send Authorization: Bearer with a token; 'attache token create' makes one"
    )
    .header("www-authenticate", "Bearer")
}

/// Finds out who makes a call, before anything of its body is read.
struct Authenticator: Sendable {
    let tokens: TokenService
    let accountTokens: AccountTokenService

    func caller(of call: Call, access: Access) async throws -> Caller {
        if access == .anyone { return .anyone }
        guard let header = call.headers.text(of: .authorization), let bearer = Self.bearer(header) else {
            throw Caller.unauthorized
        }
        if AccountTokenService.isOne(bearer) {
            guard let holder = try? accountTokens.authenticate(bearer) else { throw Caller.unauthorized }
            guard access != .apiToken else {
                throw APIError(
                    .forbidden, "An integrated-account token may not do this", hint: "Use an API token, in the backend")
            }
            return .account(holder)
        }
        let token: APIToken
        do { token = try await tokens.authenticate(bearer) } catch {
            guard error.code == .unauthorized else { throw error }
            throw Caller.unauthorized
        }
        guard access != .accountToken else { throw Caller.onlyForAccountTokens }
        return .token(token)
    }

    /// The token of `Bearer TOKEN` (RFC 6750 §2.1); the scheme in any case (RFC 9110 §11.1).
    static func bearer(_ header: String) -> String? {
        let space = UInt8(ascii: " ")
        let text = header.utf8.drop { $0 == space }
        let scheme = text.prefix { $0 != space }
        guard Substring(scheme).lowercased() == "bearer" else { return nil }
        let token = text[scheme.endIndex...].drop { $0 == space }
        return token.isEmpty ? nil : String(token)
    }
}
