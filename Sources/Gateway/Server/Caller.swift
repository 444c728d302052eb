import Accounts
import HTTPTypes
import Unified

/// Who makes a call.
enum Caller: Sendable {
    /// On routes that anyone may call.
    case anyone
    /// The bearer of an API token of one environment.
    case token(APIToken)

    /// The environment whose things the caller may see.
    func environment() throws(APIError) -> String {
        switch self {
        case .anyone: throw Self.unauthorized
        case .token(let token): return token.environmentID
        }
    }

    /// Refuses a token whose scopes do not hold a unified method.
    func require(model: String, resource: String, method: String) throws(APIError) {
        guard case .token(let token) = self, !token.allows(model: model, resource: resource, method: method) else {
            return
        }
        throw APIError(.forbidden, "The token's scopes do not allow \(method) of \(model)/\(resource)")
    }

    /// One wording for a token that is missing, unknown, expired or revoked: which of them is not told.
    static let unauthorized = APIError(.unauthorized, "A valid token is required")
        .header("www-authenticate", "Bearer")
}

/// Finds out who makes a call, before anything of its body is read.
struct Authenticator: Sendable {
    let tokens: TokenService

    func caller(of call: Call, access: Access) async throws -> Caller {
        if access == .anyone { return .anyone }
        guard let header = call.headers[.authorization], let bearer = Self.bearer(header) else {
            throw Caller.unauthorized
        }
        do {
            return .token(try await tokens.authenticate(bearer))
        } catch {
            guard error.code == .unauthorized else { throw error }
            throw Caller.unauthorized
        }
    }

    /// The token of `Bearer TOKEN` (RFC 6750 §2.1); the scheme in any case (RFC 9110 §11.1).
    static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}
