import Encodings
import JSON
package import Storage
import Synchronization

/// Makes, lists, revokes and checks API tokens.
package final class TokenService: Sendable {
    private let store: any TokenStore
    private let effects: Effects
    private let usage: TokenUsage
    /// By hash, never by text. A token revoked on another node works on for at most this long.
    private let cache: FreshCache<[UInt8], CachedToken>

    /// An object, since it is handed out for each call.
    private final class CachedToken: Sendable {
        let token: APIToken
        let hash: [UInt8]

        init(token: APIToken, hash: [UInt8]) {
            self.token = token
            self.hash = hash
        }
    }

    init(store: any TokenStore, effects: Effects, cacheSize: Int) {
        self.store = store
        self.effects = effects
        usage = TokenUsage(store: store)
        cache = FreshCache(lifetime: .milliseconds(900), capacity: cacheSize, uptime: effects.uptime)
    }

    /// Makes a token and shows it, once.
    ///
    /// - Throws: `.notFound` for an unknown environment, `.invalid` for a bad name, scope or an expiry in the past.
    package func create(
        name: String, environment: String, scopes: [String] = [], expiresAt: Timestamp? = nil,
        createdBy: String? = nil
    ) async throws(AccountsError) -> IssuedToken {
        for scope in scopes where TokenScope(scope) == nil {
            throw .invalid("scopes", "\"\(scope)\" is no scope; write MODEL:METHOD or MODEL/RESOURCE:METHOD, * for any")
        }
        let now = effects.now()
        if let expiresAt, expiresAt <= now { throw .invalid("expires_at", "expires_at must be in the future") }
        let secret = TokenText.make(effects)
        let record = TokenRecord(
            id: effects.uuid(), environmentID: environment, name: try EnvironmentService.checked(name),
            hash: Hex.text(TokenText.hash(secret.exposed()) ?? []),
            scopes: JSONValue.array(scopes.map(JSONValue.string)).text(), createdBy: createdBy, expiresAt: expiresAt,
            createdAt: now, updatedAt: now
        )
        let detail: JSONObject = ["name": .string(name), "scopes": .array(scopes.map(JSONValue.string))]
        let entry = Audit.entry("api_token.created", record.id, environment, detail, at: now)
        do {
            try await store.recording(entry).insertToken(record)
        } catch {
            throw error.code == .reference ? .notFound("environment") : .storage(error)
        }
        return IssuedToken(token: try APIToken(record), secret: secret)
    }

    package func get(_ id: String, environment: String) async throws(AccountsError) -> APIToken {
        let record = try await stored { () async throws(StorageError) in
            try await store.token(id, environment: environment)
        }
        guard let record else { throw .notFound("API token") }
        return try APIToken(record)
    }

    package func list(
        _ query: ListQuery<TokenField> = ListQuery(), environment: String
    ) async throws(AccountsError) -> List<APIToken> {
        let listing = try query.listing()
        let page = try await stored { () async throws(StorageError) in
            try await store.tokens(listing, environment: environment)
        }
        return try List(page, limit: query.limit) { (record) throws(AccountsError) in try APIToken(record) }
    }

    /// Ends a token: at once here, within a second on other nodes.
    package func revoke(_ id: String, environment: String) async throws(AccountsError) {
        let now = effects.now()
        let entry = Audit.entry("api_token.revoked", id, environment, at: now)
        let record = try await stored { () async throws(StorageError) in
            try await store.recording(entry).revokeToken(id, environment: environment, at: now)
        }
        guard let record else { throw .notFound("API token") }
        if let hash = Hex.bytes(record.hash) { cache.drop(hash) }
    }

    /// The token whose text was presented.
    ///
    /// - Throws: `.unauthorized`, the same for unknown, expired and revoked ones.
    package func authenticate(_ presented: String) async throws(AccountsError) -> APIToken {
        guard let hash = TokenText.hash(presented) else { throw .unauthorized }
        let cached = try await cache.value(hash) { [store] (_) async throws(AccountsError) in
            let record = try await stored { () async throws(StorageError) in
                try await store.token(hash: Hex.text(hash))
            }
            guard let record, let storedHash = Hex.bytes(record.hash) else { return nil }
            return CachedToken(token: try APIToken(record), hash: storedHash)
        }
        // The index found it by the hash already; this keeps the response right whatever a store's equality is.
        guard let cached, equalInConstantTime(cached.hash, hash) else { throw .unauthorized }
        let now = effects.now()
        if let expiresAt = cached.token.expiresAt, expiresAt <= now { throw .unauthorized }
        usage.note(cached.token, at: now)
        return cached.token
    }

    /// Writes what `last_used_at` has gathered.
    package func flushUsage() async throws(AccountsError) { try await usage.flush() }
}

/// Gathers when tokens were last used, so that a busy token costs one write a minute and not one a call.
final class TokenUsage: Sendable {
    private let store: any TokenStore
    private let pending = Mutex<[String: Timestamp]>([:])
    private static let grainSeconds: Int64 = 60

    init(store: any TokenStore) { self.store = store }

    func note(_ token: APIToken, at now: Timestamp) {
        if let known = token.lastUsedAt, now < known.adding(seconds: Self.grainSeconds) { return }
        pending.withLock { $0[token.id] = now }
    }

    func flush() async throws(AccountsError) {
        let batch = pending.withLock { pending in
            defer { pending = [:] }
            return pending
        }
        guard !batch.isEmpty else { return }
        do {
            try await store.touchTokens(batch)
        } catch {
            pending.withLock { $0.merge(batch) { now, _ in now } }
            throw .storage(error)
        }
    }
}
