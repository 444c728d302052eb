import JSON
import Storage

extension RefreshService {
    /// Does what the machine says until it has ended.
    func run(
        _ id: String, _ environment: String, _ need: RefreshMachine.RefreshReason, _ subject: RefreshSubject
    ) async -> Result<RefreshMachine.Outcome, AccountsError> {
        let lease = Lease(name: "refresh \(id)", owner: effects.uuid(), seconds: leaseSeconds, leases: leases)
        let result: Result<RefreshMachine.Outcome, AccountsError>
        do { result = .success(try await drive(id, environment, need, subject, lease)) } catch { result = .failure(error) }
        await lease.release()
        return result
    }

    private func drive(
        _ id: String, _ environment: String, _ need: RefreshMachine.RefreshReason, _ subject: RefreshSubject, _ lease: Lease
    ) async throws(AccountsError) -> RefreshMachine.Outcome {
        var machine = RefreshMachine(need: need)
        var action = machine.start
        var account: ResolvedAccount?
        var means: Means?
        var fresh: Secret<JSONObject>?
        while true {
            let event: RefreshMachine.Event
            switch action {
            case .finish(let outcome):
                try await note(outcome, id, environment, account)
                return outcome
            case .read:
                let read = try await accounts.reread(id, environment: environment)
                account = read
                do { means = try await self.means(subject, of: read) } catch {
                    let failure = error as? OAuthFailure
                    let outcome = RefreshMachine.Outcome.failed(
                        failure ?? OAuthFailure("invalid_client", "the OAuth settings do not fit")
                    )
                    try await note(outcome, id, environment, read)
                    return outcome
                }
                event = .read(
                    RefreshMachine.Snapshot(
                        read, of: subject, hasMeans: means?.suffice(for: read) ?? false, need, at: effects.now()))
            case .acquire: event = .acquired(try await lease.acquire())
            case .wait(let milliseconds):
                await hooks.sleep(.milliseconds(milliseconds))
                event = .waited
            case .call:
                guard let account, let means else { return .cannot }
                let (verdict, response) = await call(account, means)
                hooks.ended(account.account.integration, response != nil)
                fresh = response
                event = .answered(verdict)
            case .store(let version):
                guard let account, let fresh else { return .cannot }
                let now = effects.now()
                let patch = fresh.map { members -> JSONObject in
                    subject == .token ? .oauthToken(members) : account.replacingSession(by: members, at: now)
                }
                event = await store(patch, id, environment, ifVersion: version)
            case .bury(let failure, let version):
                event = .buried(try await bury(id, environment, failure, ifVersion: version))
            }
            action = machine.next(event)
        }
    }

    /// What fresh credentials are got with.
    private enum Means {
        case client(OAuthClient)
        case session(SessionOpening, hasToken: Bool)

        func suffice(for account: ResolvedAccount) -> Bool {
            switch self {
            case .client(let client): client.grant == .clientCredentials || account.refreshToken != nil
            case .session: true
            }
        }
    }

    private func means(_ subject: RefreshSubject, of account: ResolvedAccount) async throws -> Means? {
        switch subject {
        case .token: return try await hooks.client(account).map(Means.client)
        case .session:
            guard let opening = try hooks.session(account) else { return nil }
            return .session(opening, hasToken: account.accessToken != nil)
        }
    }

    private func call(
        _ account: ResolvedAccount, _ means: Means
    ) async -> (RefreshMachine.TokenResult, Secret<JSONObject>?) {
        switch means {
        case .client(let client): await call(account, client)
        case .session(let opening, let hasToken): await open(opening, hasToken: hasToken)
        }
    }

    /// - Parameter hasToken: a refusal may then be the token's fault, and does not end the account.
    private func open(
        _ opening: SessionOpening, hasToken: Bool
    ) async -> (RefreshMachine.TokenResult, Secret<JSONObject>?) {
        do {
            return (.tokens, try await opening())
        } catch let failure as OAuthFailure {
            switch failure.code {
            case "credentials_refused": return (hasToken ? .refused(failure) : .dead(failure), nil)
            case "no_answer", "server_error": return (.noResponse(failure), nil)
            default: return (.refused(failure), nil)
            }
        } catch {
            return (.noResponse(OAuthFailure("no_answer", "the vendor did not answer")), nil)
        }
    }

    private func call(
        _ account: ResolvedAccount, _ client: OAuthClient
    ) async -> (RefreshMachine.TokenResult, Secret<JSONObject>?) {
        let request: TokenRequest
        switch client.grant {
        case .clientCredentials: request = client.clientCredentialsRequest()
        case .refreshToken:
            guard let token = account.refreshToken else {
                return (.dead(OAuthFailure("invalid_grant", "there is no refresh token")), nil)
            }
            request = client.refreshRequest(refreshToken: token)
        }
        do {
            let response = try await hooks.send(request)
            return (.tokens, try client.tokens(response))
        } catch let failure as OAuthFailure {
            let told = failure.without([account.refreshToken, account.accessToken, client.clientSecret])
            return (told.verdict(client.grant), nil)
        } catch {
            // The error's own text may quote the request.
            return (.noResponse(OAuthFailure("no_answer", "the token endpoint did not answer")), nil)
        }
    }

    private func store(
        _ patch: Secret<JSONObject>, _ id: String, _ environment: String, ifVersion version: Int64
    ) async -> RefreshMachine.Event {
        do {
            let swapped = try await accounts.swapCredentials(
                id, environment: environment, ifVersion: version, context: patch, isRefresh: true
            )
            return .stored(swapped != nil)
        } catch {
            // Gone for good: nobody is left who could use them. What cannot be stored now cannot be stored later either.
            return error.code == .storage ? .storeFailed : .stored(false)
        }
    }

    /// Whether the account is `needs_reauth` now because of these credentials.
    func bury(
        _ id: String, _ environment: String, _ failure: OAuthFailure, ifVersion version: Int64
    ) async throws(AccountsError) -> Bool {
        let (account, changed) = try await accounts.setStatus(
            id, environment: environment, to: .needsReauth, lastError: failure.lastError(at: effects.now()),
            telling: .authenticationError, ifCredentialsVersion: version
        )
        if changed { await hooks.event(AccountEvent(.authenticationError, account)) }
        return account.status == .needsReauth
    }

    func revive(_ given: ResolvedAccount, ifVersion version: Int64?) async throws(AccountsError) {
        let status = hooks.status(given)
        let (account, changed) = try await accounts.setStatus(
            given.account.id, environment: given.account.environmentID, to: status,
            telling: status == .active ? .reactivated : .updated, ifCredentialsVersion: version
        )
        if changed, status == .active { await hooks.event(AccountEvent(.reactivated, account)) }
    }

    private func note(
        _ outcome: RefreshMachine.Outcome, _ id: String, _ environment: String, _ account: ResolvedAccount?
    ) async throws(AccountsError) {
        guard let account else { return }
        switch outcome {
        case .refreshed where account.account.status == .needsReauth:
            try await revive(account, ifVersion: nil)
        case .failed(let failure):
            _ = try await accounts.setStatus(
                id, environment: environment, to: account.account.status,
                lastError: failure.lastError(at: effects.now()), ifCredentialsVersion: account.credentialsVersion
            )
        case .refreshed where account.account.status == .active && account.account.lastError != nil:
            _ = try await accounts.setStatus(id, environment: environment, to: .active)
        default: return
        }
    }
}

extension JSONObject {
    fileprivate static func oauthToken(_ members: JSONObject) -> JSONObject {
        ["oauth": .object(["token": .object(members)])]
    }
}
