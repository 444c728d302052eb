import JSON
import Storage

extension ResolvedAccount {
    /// Seconds until the access token ends; nil where nothing says when.
    func secondsLeft(at now: Timestamp) -> Int64? {
        guard let text = context.exposed()[["oauth", "token", "expires_at"][...]]?.string, let end = Timestamp(text)
        else { return nil }
        return (end.millisecondsSinceEpoch - now.millisecondsSinceEpoch) / 1000
    }

    var accessToken: Secret<String>? { token("access_token") }

    var refreshToken: Secret<String>? { token("refresh_token") }

    private func token(_ name: String) -> Secret<String>? {
        guard let text = context.exposed()[["oauth", "token", name][...]]?.string, !text.isEmpty else { return nil }
        return Secret(text)
    }
}

extension RefreshMachine.Snapshot {
    /// - Parameter hasMeans: whether there is something to get fresh credentials with.
    init(
        _ account: ResolvedAccount, of subject: RefreshSubject, hasMeans: Bool, _ need: RefreshMachine.RefreshReason,
        at now: Timestamp
    ) {
        version = account.credentialsVersion
        secondsLeft = account.secondsLeft(of: subject, at: now)
        // One that was given up is tried again only when someone asks for it, or every call would ask the provider.
        canRefresh = hasMeans && (need.isExplicit || account.account.status != .needsReauth)
    }
}

extension RefreshMachine.RefreshReason {
    /// Whether someone asked for it, and not a call that needed it.
    var isExplicit: Bool {
        if case .newerThan = self { true } else { false }
    }

    func isMet(by account: ResolvedAccount, of subject: RefreshSubject, at now: Timestamp) -> Bool {
        switch self {
        case .endsWithin(let seconds): account.secondsLeft(of: subject, at: now).map { $0 > seconds } ?? true
        case .refused(let version), .newerThan(let version): account.credentialsVersion > version
        }
    }
}
