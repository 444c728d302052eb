/// A ciphertext that belongs to one field of one row of another table.
///
/// All ciphertexts are in one table, so that changing the key is one loop over it.
package struct EncryptedRecord: Sendable, Hashable {
    /// The row the ciphertext belongs to, such as an integrated account.
    package var ownerID: String
    /// What of that row is sealed, such as `secrets`.
    package var field: String
    package var environmentID: String
    /// The key the envelope needs, kept beside it to be searched for.
    package var keyID: String
    package var envelope: String
    /// Counts the changes of the plain text, from 1; sealing the same text under another key does not count.
    package var version: Int64
    package var updatedAt: Timestamp

    package init(
        ownerID: String, field: String, environmentID: String, keyID: String, envelope: String, version: Int64,
        updatedAt: Timestamp
    ) {
        self.ownerID = ownerID
        self.field = field
        self.environmentID = environmentID
        self.keyID = keyID
        self.envelope = envelope
        self.version = version
        self.updatedAt = updatedAt
    }
}

/// What a write does to the ciphertext beside a row.
package enum EncryptedChange: Sendable, Hashable {
    case keep
    /// Writes the record where the stored one has the version before it; a record of version 1 must be the first.
    case replace(EncryptedRecord)
}

extension EncryptedRecord: SQLRecord {
    static let table = "sealed_values"
    static let columns = ["owner_id", "field", "environment_id", "key_id", "envelope", "version", "updated_at"]

    init(row: inout SQLRow) throws(StorageError) {
        ownerID = try row.text()
        field = try row.text()
        environmentID = try row.text()
        keyID = try row.text()
        envelope = try row.text()
        version = try row.integer()
        updatedAt = try row.time()
    }

    var values: [SQLValue] {
        [
            .text(ownerID), .text(field), .text(environmentID), .text(keyID), .text(envelope), .integer(version),
            SQLValue(updatedAt),
        ]
    }
}
