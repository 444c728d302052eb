/// An API token as it is kept: by its hash, from which the token cannot be made again.
package struct TokenRecord: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    package var name: String
    /// SHA-256 of the whole token, lower-case hexadecimal.
    package var hash: String
    /// JSON array of scope texts; empty for a token that may do everything.
    package var scopes: String
    package var createdBy: String?
    package var expiresAt: Timestamp?
    /// Behind by up to a minute: it is written in batches.
    package var lastUsedAt: Timestamp?
    package var revokedAt: Timestamp?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: String, environmentID: String, name: String, hash: String, scopes: String, createdBy: String? = nil,
        expiresAt: Timestamp? = nil, lastUsedAt: Timestamp? = nil, revokedAt: Timestamp? = nil, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.environmentID = environmentID
        self.name = name
        self.hash = hash
        self.scopes = scopes
        self.createdBy = createdBy
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.revokedAt = revokedAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension TokenRecord: SQLRecord {
    static let table = "api_tokens"
    static let columns = [
        "id", "environment_id", "name", "hash", "scopes", "created_by", "expires_at", "last_used_at", "revoked_at",
        "created_at", "updated_at",
    ]

    init(row: inout SQLRow) throws(StorageError) {
        id = try row.text()
        environmentID = try row.text()
        name = try row.text()
        hash = try row.text()
        scopes = try row.text()
        createdBy = try row.optionalText()
        expiresAt = try row.optionalTime()
        lastUsedAt = try row.optionalTime()
        revokedAt = try row.optionalTime()
        createdAt = try row.time()
        updatedAt = try row.time()
    }

    var values: [SQLValue] {
        [
            .text(id), .text(environmentID), .text(name), .text(hash), .text(scopes), SQLValue(createdBy),
            SQLValue(expiresAt), SQLValue(lastUsedAt), SQLValue(revokedAt), SQLValue(createdAt), SQLValue(updatedAt),
        ]
    }
}
