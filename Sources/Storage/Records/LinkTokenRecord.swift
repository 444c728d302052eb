/// A link token. What it asks for may hold credentials, and is a `EncryptedRecord` beside it.
package struct LinkTokenRecord: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    /// SHA-256 of the token's text, hexadecimal.
    package var hash: String
    package var expiresAt: Timestamp
    package var usedAt: Timestamp?
    package var createdAt: Timestamp

    package init(
        id: String, environmentID: String, hash: String, expiresAt: Timestamp, usedAt: Timestamp? = nil,
        createdAt: Timestamp
    ) {
        self.id = id
        self.environmentID = environmentID
        self.hash = hash
        self.expiresAt = expiresAt
        self.usedAt = usedAt
        self.createdAt = createdAt
    }
}

extension LinkTokenRecord: SQLRecord {
    static let table = "link_tokens"
    static let columns = ["id", "environment_id", "hash", "expires_at", "used_at", "created_at"]

    init(row: inout SQLRow) throws(StorageError) {
        id = try row.text()
        environmentID = try row.text()
        hash = try row.text()
        expiresAt = try row.time()
        usedAt = try row.optionalTime()
        createdAt = try row.time()
    }

    var values: [SQLValue] {
        [
            .text(id), .text(environmentID), .text(hash), SQLValue(expiresAt), SQLValue(usedAt), SQLValue(createdAt),
        ]
    }
}
