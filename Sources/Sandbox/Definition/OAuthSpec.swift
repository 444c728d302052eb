import JSON

/// The authorization server of a sandbox: `oauth`.
struct OAuthSpec: Sendable {
    struct Client: Sendable {
        var id: String
        var secret: String?
        /// Where a code may be sent, compared exactly; nil takes any address.
        var redirectURIs: Set<String>?
        var grants: Set<String>
    }

    enum Refresh: Sendable {
        case always, never
        /// For those who ask for this scope.
        case scope(String)
    }

    var authorize: String?
    var token: String
    var clients: [Client]
    var clientIn: Set<String>
    var formats: Set<String>
    var needsAudience: Bool
    var issuer: TextTemplate?
    var accessLifetime: Int
    var refresh: Refresh
    var rotates: Bool
    var refreshLifetime: Int
    var refreshUnused: Int
    var permission: Script?
    var ignoresScopes: Bool
    var claims: Script?
    var response: Script?
    var grants: [(name: String, script: Script)]

    init(_ reader: KeyReader) {
        authorize = reader.text("authorize")
        token = reader.text("token", required: true) ?? ""
        clients = reader.entries("clients").map { id, value in
            let inner = KeyReader(value, reader.path + ["clients", id], reader.reading)
            defer { inner.finish() }
            let uris = inner.texts("redirect_uris").map(Set.init)
            let grants = inner.texts("grants").map(Set.init) ?? ["authorization_code", "refresh_token"]
            return Client(id: id, secret: inner.member("secret")?.plain, redirectURIs: uris, grants: grants)
        }
        clientIn = Set(reader.texts("client_in") ?? ["body", "basic"])
        formats = Set(reader.texts("formats") ?? ["form"])
        needsAudience = reader.text("audience") == "required"
        issuer = reader.template("issuer")
        accessLifetime = reader.int("access_lifetime") ?? 3600
        switch reader.text("refresh") {
        case nil, "always": refresh = .always
        case "never": refresh = .never
        case let scope?: refresh = .scope(scope)
        }
        rotates = reader.bool("rotates") ?? true
        refreshLifetime = reader.int("refresh_lifetime") ?? 365 * 86_400
        refreshUnused = reader.int("refresh_unused") ?? 90 * 86_400
        permission = reader.script("permission")
        ignoresScopes = reader.word("scopes", ["ignored"]) != nil
        claims = reader.script("claims", names: ["client", "scopes"])
        response = reader.script("response", names: ["access", "refresh", "expires_in", "scope", "client"])
        grants = reader.scripts("grants", names: ["form", "client"])
        reader.finish()
    }
}
