import Encodings
package import JSON
package import Storage

/// Makes link tokens and uses them up. Each is good for 7 days and for one connection.
package struct LinkTokenService: Sendable {
    package static let lifetimeSeconds: Int64 = 7 * 86_400
    private static let flowField = "flow"

    private let store: any LinkTokenStore & EncryptedStore & AccountStore
    private let vault: Vault
    private let effects: Effects

    package init(store: any LinkTokenStore & EncryptedStore & AccountStore, vault: Vault, effects: Effects = .live) {
        self.store = store
        self.vault = vault
        self.effects = effects
    }

    /// - Returns: the token's text, which is not kept.
    /// - Throws: `.notFound` for an unknown environment, or account to connect again.
    package func create(_ request: LinkRequest, environment: String) async throws(AccountsError) -> Secret<String> {
        if case .reconnect(let id) = request.purpose {
            let account = try await stored { () async throws(StorageError) in
                try await store.account(id, environment: environment)
            }
            if account == nil { throw .notFound("integrated account") }
        }
        let now = effects.now()
        let secret = TokenText.make(effects, kind: .link)
        let record = LinkTokenRecord(
            id: effects.uuid(), environmentID: environment,
            hash: Hex.text(TokenText.hash(secret.exposed(), kind: .link) ?? []),
            expiresAt: now.adding(seconds: Self.lifetimeSeconds), createdAt: now
        )
        let place = EncryptionContext.secrets(of: record.id, environment: environment)
        let sealed = try vault.seal(request.json, for: place, version: 1, at: now)
        let subject: JSONObject =
            switch request.purpose {
            case .connect(let tenant): ["tenant_id": .string(tenant)]
            case .reconnect(let account): ["integrated_account_id": .string(account)]
            }
        let entry = Audit.entry("link_token.created", record.id, environment, subject, at: now)
        do {
            try await store.recording(entry).insertLinkToken(record, sealed: .replace(sealed))
        } catch {
            throw error.code == .reference ? .notFound("environment") : .storage(error)
        }
        return secret
    }

    /// What the token asks for. It is not used up by looking: a page may be loaded more than once.
    ///
    /// - Throws: `.unauthorized`, the same for unknown, used and ended ones.
    package func open(_ presented: String) async throws(AccountsError) -> LinkToken {
        guard let hash = TokenText.hash(presented, kind: .link) else { throw .unauthorized }
        let now = effects.now()
        let found = try await stored { () async throws(StorageError) in
            try await store.linkToken(hash: Hex.text(hash), now: now)
        }
        guard let found else { throw .unauthorized }
        let record = found.record
        let place = EncryptionContext.secrets(of: record.id, environment: record.environmentID)
        return LinkToken(
            id: record.id, environmentID: record.environmentID,
            request: try LinkRequest(json: try vault.open(found.secrets, for: place)), expiresAt: record.expiresAt
        )
    }

    /// Uses the token up, just before the account is stored. Of many who try one succeeds.
    ///
    /// - Throws: `.unauthorized` where it was used or has ended meanwhile.
    package func use(_ token: LinkToken) async throws(AccountsError) {
        let now = effects.now()
        let isOurs = try await stored { () async throws(StorageError) in
            try await store.useLinkToken(token.id, now: now)
        }
        guard isOurs else { throw .unauthorized }
    }

    /// Keeps what a redirect to a provider must find when it comes back, such as state and verifier. The last one kept
    /// counts: an older redirect, of a page left open, does not fit it.
    package func keep(flow: Secret<JSONObject>, for token: LinkToken) async throws(AccountsError) {
        for _ in 0..<10 {
            let old = try await sealedFlow(token)
            let sealed = try vault.seal(
                flow.exposed(), for: place(token), version: (old?.version ?? 0) + 1, at: effects.now()
            )
            if try await stored({ () async throws(StorageError) in try await store.replaceSealed(sealed) }) { return }
        }
        throw .stale
    }

    /// What was kept last, if it is what the caller looks for; it is gone then. Of many who take it one gets it.
    package func takeFlow(
        of token: LinkToken, where isWanted: @Sendable (JSONObject) -> Bool
    ) async throws(AccountsError) -> Secret<JSONObject>? {
        guard let sealed = try await sealedFlow(token) else { return nil }
        let flow = try vault.open(sealed, for: place(token))
        guard isWanted(flow) else { return nil }
        let emptied = try vault.seal([:], for: place(token), version: sealed.version + 1, at: effects.now())
        let isOurs = try await stored { () async throws(StorageError) in try await store.replaceSealed(emptied) }
        return isOurs ? Secret(flow) : nil
    }

    /// Removes what ended more than a day ago.
    @discardableResult
    package func purge() async throws(AccountsError) -> Int {
        let time = effects.now().adding(seconds: -86_400)
        return try await stored { () async throws(StorageError) in
            try await store.deleteLinkTokens(endedBefore: time, limit: 1000)
        }
    }

    private func place(_ token: LinkToken) -> EncryptionContext {
        EncryptionContext(environmentID: token.environmentID, ownerID: token.id, field: Self.flowField)
    }

    private func sealedFlow(_ token: LinkToken) async throws(AccountsError) -> EncryptedRecord? {
        try await stored { () async throws(StorageError) in
            try await store.sealed(token.id, field: Self.flowField)
        }
    }
}
