/// A write that a caller named by a key, from just before it is sent to a provider until it is forgotten.
package struct IdempotencyRecord: Sendable, Hashable {
    /// Made of account, method, path and key; the response is a `EncryptedRecord` of this owner.
    package var name: String
    package var environmentID: String
    /// Who sends, or sent: different for each attempt.
    package var owner: String
    /// Of parameters and body. Nil while the outcome is not known; set together with the response.
    package var fingerprint: String?
    package var expiresAt: Timestamp
    package var createdAt: Timestamp

    package init(
        name: String, environmentID: String, owner: String, fingerprint: String? = nil, expiresAt: Timestamp,
        createdAt: Timestamp
    ) {
        self.name = name
        self.environmentID = environmentID
        self.owner = owner
        self.fingerprint = fingerprint
        self.expiresAt = expiresAt
        self.createdAt = createdAt
    }
}

extension IdempotencyRecord: SQLRecord {
    static let table = "idempotency"
    static let columns = ["name", "environment_id", "owner", "fingerprint", "expires_at", "created_at"]

    init(row: inout SQLRow) throws(StorageError) {
        name = try row.text()
        environmentID = try row.text()
        owner = try row.text()
        fingerprint = try row.optionalText()
        expiresAt = try row.time()
        createdAt = try row.time()
    }

    var values: [SQLValue] {
        [
            .text(name), .text(environmentID), .text(owner), SQLValue(fingerprint), SQLValue(expiresAt),
            SQLValue(createdAt),
        ]
    }
}
