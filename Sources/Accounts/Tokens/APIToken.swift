import Crypto
import Encodings
package import JSON
package import Storage

/// An API token as it may be shown: everything but the token itself.
package struct APIToken: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    package var name: String
    /// Empty for a token that may do everything.
    package var scopes: [TokenScope]
    package var createdBy: String?
    package var expiresAt: Timestamp?
    /// Behind by up to a minute.
    package var lastUsedAt: Timestamp?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    init(_ record: TokenRecord) throws(AccountsError) {
        id = record.id
        environmentID = record.environmentID
        name = record.name
        createdBy = record.createdBy
        expiresAt = record.expiresAt
        lastUsedAt = record.lastUsedAt
        createdAt = record.createdAt
        updatedAt = record.updatedAt
        scopes = []
        for value in try Document.value(record.scopes, "list of scopes")?.array ?? [] {
            // A scope that cannot be read must not widen the token: an empty list would allow everything.
            guard let scope = value.string.flatMap(TokenScope.init) else {
                throw .storage(.corrupt("a stored scope is of an unknown form"))
            }
            scopes.append(scope)
        }
    }

    /// Whether the scopes allow a method of a resource of a model.
    package func allows(model: String, resource: String, method: String) -> Bool {
        scopes.isEmpty || scopes.contains { $0.allows(model: model, resource: resource, method: method) }
    }

    /// `{id, name, environment_id, created_by, scopes, expires_at, last_used_at, created_at, updated_at}`.
    package var json: JSONObject {
        [
            "id": .string(id), "name": .string(name), "environment_id": .string(environmentID),
            "created_by": createdBy.map(JSONValue.string) ?? .null,
            "scopes": .array(scopes.map { .string($0.description) }),
            "expires_at": expiresAt.map { .string($0.text) } ?? .null,
            "last_used_at": lastUsedAt.map { .string($0.text) } ?? .null,
            "created_at": .string(createdAt.text), "updated_at": .string(updatedAt.text),
        ]
    }
}

/// A token just made: the only time that its text can be had.
package struct IssuedToken: Sendable {
    package var token: APIToken
    /// What goes behind `Bearer `.
    package var secret: Secret<String>
}

/// The text of a token that is looked up by its hash: a prefix, so that scanners for leaked secrets know it, and 256
/// random bits.
enum TokenText {
    enum Kind: String {
        case api = "att_"
        case link = "attlink_"
    }

    private static let randomByteCount = 32

    static func make(_ effects: Effects, kind: Kind = .api) -> Secret<String> {
        Secret(kind.rawValue + Base64URL.text(effects.randomBytes(randomByteCount)))
    }

    /// SHA-256 as it is stored. A fast hash serves, because 256 random bits cannot be guessed one by one.
    ///
    /// Nil where the text cannot be a token; that saves the look-up and tells nothing, since the form is public.
    static func hash(_ text: String, kind: Kind = .api) -> [UInt8]? {
        let prefix = kind.rawValue
        guard text.hasPrefix(prefix), Base64URL.bytes(text.utf8.dropFirst(prefix.utf8.count))?.count == randomByteCount
        else { return nil }
        return SHA256.hash(data: Array(text.utf8)).withUnsafeBytes { Array($0) }
    }
}
