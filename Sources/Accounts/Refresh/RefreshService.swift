import JSON
package import Storage
import Synchronization

/// Keeps the credentials of accounts fresh, so that no account is lost to two who refresh at once.
///
/// In one process callers share one refresh; among nodes a lease lets one go first; and what is stored is compared and
/// swapped by its version. An account is declared dead only after its credentials were read again.
package final class RefreshService: Sendable {
    /// Most seconds that sending a token request may take. The lease outlives it, and is renewed besides.
    package static let longestCall: Int64 = 15

    /// What became of a refresh.
    package enum Outcome: Sendable, Hashable {
        /// There are new credentials, from this call or another's.
        case refreshed
        /// These credentials cannot be refreshed; a person must do something.
        case impossible
        /// The provider has ended the authorization; the account is `needs_reauth` now.
        case dead(OAuthFailure)
        /// It did not work this time; the account stands as it did.
        case failed(OAuthFailure)
    }

    let accounts: IntegratedAccountService
    let leases: any LeaseStore
    let effects: Effects
    let hooks: RefreshDependencies
    let leaseSeconds: Int64
    private let running = Mutex<[Key: Task<Result<RefreshMachine.Outcome, AccountsError>, Never>]>([:])

    private struct Key: Hashable, Sendable {
        var id: String
        var environment: String
        var subject = RefreshSubject.token
    }

    /// - Parameter leaseSeconds: how long others wait for a node that died while it refreshed.
    package init(
        accounts: IntegratedAccountService, leases: any LeaseStore, effects: Effects = .live, hooks: RefreshDependencies,
        leaseSeconds: Int64 = RefreshService.longestCall + 5
    ) {
        self.accounts = accounts
        self.leases = leases
        self.effects = effects
        self.hooks = hooks
        self.leaseSeconds = max(1, leaseSeconds)
    }

    /// The account with credentials to make a call with, its session open.
    ///
    /// Five minutes ahead of their end, or a fifth of their life, a refresh begins beside the call; from 30 seconds
    /// ahead, or a twentieth, and where a client is to get its first token, the call waits for it. Where it fails the
    /// account is given as it is: the provider has the last word.
    package func fresh(_ account: ResolvedAccount) async throws(AccountsError) -> ResolvedAccount {
        guard account.account.status != .needsReauth else { return account }
        return try await inSession(try await signedIn(account))
    }

    /// With its session open, renewed ahead of its end as tokens are.
    private func inSession(_ account: ResolvedAccount) async throws(AccountsError) -> ResolvedAccount {
        guard (try? hooks.session(account)) != nil else { return account }
        let key = Key(id: account.account.id, environment: account.account.environmentID, subject: .session)
        if account.session == nil {
            let outcome = try await refresh(key, .refused(version: account.credentialsVersion))
            if case .failed(let failure) = outcome, failure.isRefusal, account.accessToken != nil {
                return try await onNewToken(account)
            }
        } else {
            guard let left = account.secondsLeft(of: .session, at: effects.now()) else { return account }
            let margins = account.margins(of: .session)
            guard left <= margins.ahead else { return account }
            if left > margins.atOnce {
                Task { try? await self.refresh(key, .endsWithin(margins.ahead)) }
                return account
            }
            _ = try await refresh(key, .endsWithin(margins.atOnce))
        }
        return try await accounts.resolve(key.id, environment: key.environment)
    }

    /// After the provider refused to open a session with the token there is: with a new token, or the account needs a person.
    private func onNewToken(_ account: ResolvedAccount) async throws(AccountsError) -> ResolvedAccount {
        var key = Key(id: account.account.id, environment: account.account.environmentID)
        let token = try await refresh(key, .refused(version: account.credentialsVersion))
        let renewed = try await accounts.resolve(key.id, environment: key.environment)
        switch token {
        case .refreshed, .fresh:
            key.subject = .session
            if case .failed(let failure) = try await refresh(key, .refused(version: renewed.credentialsVersion)),
                failure.isRefusal
            {
                try await rejected(renewed)
            }
        // There is nothing to renew the token with.
        case .cannot: try await rejected(account)
        // A token endpoint that is down says nothing of the token; a dead one has ended the account.
        case .failed, .dead: break
        }
        return try await accounts.resolve(key.id, environment: key.environment)
    }

    private func signedIn(_ account: ResolvedAccount) async throws(AccountsError) -> ResolvedAccount {
        let key = Key(id: account.account.id, environment: account.account.environmentID)
        if let left = account.secondsLeft(at: effects.now()) {
            let margins = account.margins(of: .token)
            guard left <= margins.ahead else { return account }
            if left > margins.atOnce {
                Task { try? await self.refresh(key, .endsWithin(margins.ahead)) }
                return account
            }
            _ = try await refresh(key, .endsWithin(margins.atOnce))
        } else {
            guard account.accessToken == nil else { return account }
            let gets = await account.facts.usesClientCredentials { try await hooks.client(account)?.grant == .clientCredentials }
            guard gets else { return account }
            _ = try await refresh(key, .refused(version: account.credentialsVersion))
        }
        return try await accounts.resolve(key.id, environment: key.environment)
    }

    /// New credentials on demand, whatever is left of the old ones.
    package func refresh(_ id: String, environment: String) async throws(AccountsError) -> Outcome {
        let account = try await accounts.reread(id, environment: environment)
        let key = Key(id: id, environment: environment)
        return Outcome(try await refresh(key, .newerThan(version: account.credentialsVersion)))
    }

    /// After the provider refused an account's credentials (401): newer ones, to send the call again once.
    ///
    /// Nil where there are none; where that is because the account needs a person, it is `needs_reauth` by then.
    package func replacement(for refused: ResolvedAccount) async throws(AccountsError) -> ResolvedAccount? {
        let key = Key(id: refused.account.id, environment: refused.account.environmentID)
        if (try? hooks.session(refused)) != nil { return try await newSession(for: refused, key) }
        switch try await refresh(key, .refused(version: refused.credentialsVersion)) {
        case .refreshed, .fresh: return try await accounts.resolve(key.id, environment: key.environment)
        case .cannot:
            // What was found out when it was given up says more than that it is refused again.
            let account = try await accounts.resolve(key.id, environment: key.environment)
            if account.account.status == .needsReauth { return nil }
            try await rejected(refused)
            return nil
        case .dead, .failed: return nil
        }
    }

    /// A new session; where none can be opened with the token there is, with a new token.
    private func newSession(for refused: ResolvedAccount, _ key: Key) async throws(AccountsError) -> ResolvedAccount? {
        var key = key
        key.subject = .session
        switch try await refresh(key, .refused(version: refused.credentialsVersion)) {
        case .refreshed, .fresh: return try await accounts.resolve(key.id, environment: key.environment)
        case .dead, .cannot: return nil
        case .failed: break
        }
        guard refused.accessToken != nil else { return nil }
        let renewed = try await onNewToken(refused)
        return renewed.session == nil || renewed.account.status == .needsReauth
            || renewed.credentialsVersion == refused.credentialsVersion ? nil : renewed
    }

    /// After the provider refused credentials (401) that cannot be had any newer: a person has to connect again.
    package func rejected(_ account: ResolvedAccount) async throws(AccountsError) {
        let failure = OAuthFailure("credentials_refused", "the provider refused the credentials", status: 401)
        _ = try await bury(
            account.account.id, account.account.environmentID, failure, ifVersion: account.credentialsVersion
        )
    }

    /// After the provider accepted an account's credentials: one that was given up lives again.
    package func accepted(_ account: ResolvedAccount) async throws(AccountsError) {
        guard account.account.status == .needsReauth else { return }
        try await revive(account, ifVersion: account.credentialsVersion)
    }

    /// Joins a refresh of the account that is under way, or begins one.
    private func refresh(
        _ key: Key, _ need: RefreshMachine.RefreshReason
    ) async throws(AccountsError) -> RefreshMachine.Outcome {
        let (task, isOurs) = running.withLock { running in
            if let task = running[key] { return (task, false) }
            // Unstructured on purpose: a caller that goes away must not take the refresh from those who share it, nor
            // lose tokens that the provider has given out.
            let task = Task {
                let result = await self.run(key.id, key.environment, need, key.subject)
                self.running.withLock { $0[key] = nil }
                return result
            }
            running[key] = task
            return (task, true)
        }
        let outcome = try await task.value.get()
        if isOurs { return outcome }
        switch outcome {
        case .dead, .failed: return outcome
        case .cannot where !need.isExplicit: return outcome
        // What the other wanted may be less than what this one needs: a look at the account tells.
        case .refreshed, .fresh, .cannot:
            let account = try await accounts.resolve(key.id, environment: key.environment)
            return need.isMet(by: account, of: key.subject, at: effects.now()) ? .fresh : try await refresh(key, need)
        }
    }
}

extension OAuthFailure {
    /// Whether it is about the credentials, and not about how things are at the provider.
    fileprivate var isRefusal: Bool { code == "credentials_refused" }
}

extension RefreshService.Outcome {
    fileprivate init(_ outcome: RefreshMachine.Outcome) {
        self =
            switch outcome {
            case .refreshed, .fresh: .refreshed
            case .cannot: .impossible
            case .dead(let failure): .dead(failure)
            case .failed(let failure): .failed(failure)
            }
    }
}
