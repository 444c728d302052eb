import Accounts

/// Who makes a call.
enum Caller: Sendable {
    /// On routes that anyone may call.
    case anyone
    /// The bearer of an API token of one environment.
    case token(AuthenticatedToken)
}
