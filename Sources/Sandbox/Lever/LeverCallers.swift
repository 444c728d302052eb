import HTTPTypes
import Hummingbird

/// Knows who calls, whether they may, and how often.
final class LeverCallers: Sendable {
    private let credentials: LeverCredentials
    private let oauth: LeverOAuth
    private let limiter: TokenBucket?
    private let clock: SandboxClock

    init(options: SandboxOptions, oauth: LeverOAuth, clock: SandboxClock) {
        credentials = options.credentials
        self.oauth = oauth
        limiter = options.rateLimit ? TokenBucket(rate: 10, burst: 20) : nil
        self.clock = clock
    }

    func reset() { limiter?.reset() }

    /// 401 for unknown callers, 429 past 10 requests a second (bursts of 20), 403 without the permission.
    func admit(_ request: Request, _ permission: String) throws(LeverError) -> LeverAccess {
        let (key, access) = try caller(request)
        if let limiter, !limiter.take(key, now: clock.now) { throw .tooMany }
        guard access.allows(permission) else { throw .forbidden(permission) }
        return access
    }

    private func caller(_ request: Request) throws(LeverError) -> (key: String, access: LeverAccess) {
        let header = request.headers[.authorization] ?? ""
        let pieces = header.split(separator: " ", maxSplits: 1)
        guard pieces.count == 2 else { throw .unauthorized }
        switch pieces[0].lowercased() {
        case "basic":
            // The key is the user name; the password is empty.
            guard let pair = BasicCredentials(header), pair.password.isEmpty,
                let access = credentials.apiKeys[pair.name]
            else { throw .unauthorized }
            return (pair.name, access)
        case "bearer":
            guard let caller = oauth.access(String(pieces[1])) else { throw .unauthorized }
            return caller
        default:
            throw .unauthorized
        }
    }
}
