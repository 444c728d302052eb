/// A file that may be fetched from the gateway for a time. Its key, name and type are a `EncryptedRecord` of this owner.
package struct FileLinkRecord: Sendable, Hashable {
    package var id: String
    package var environmentID: String
    /// Bytes of the file; nil while unknown.
    package var length: Int64?
    /// How often it may be fetched; nil: as often as wanted.
    package var mostFetches: Int64?
    package var fetches: Int64 = 0
    /// Whether all pieces are there.
    package var isWhole = false
    package var expiresAt: Timestamp
    package var createdAt: Timestamp

    package init(
        id: String, environmentID: String, length: Int64?, mostFetches: Int64?, expiresAt: Timestamp, createdAt: Timestamp
    ) {
        self.id = id
        self.environmentID = environmentID
        self.length = length
        self.mostFetches = mostFetches
        self.expiresAt = expiresAt
        self.createdAt = createdAt
    }
}

/// A part of a file's ciphertext.
package struct FilePiece: Sendable, Hashable {
    package var isLast: Bool
    /// Base64 text, as every engine keeps text alike.
    package var sealed: String

    package init(isLast: Bool, sealed: String) {
        self.isLast = isLast
        self.sealed = sealed
    }
}

extension FileLinkRecord: SQLRecord {
    static let table = "file_links"
    static let columns = [
        "id", "environment_id", "length", "most_fetches", "fetches", "is_whole", "expires_at", "created_at",
    ]

    init(row: inout SQLRow) throws(StorageError) {
        id = try row.text()
        environmentID = try row.text()
        length = try row.optionalInteger()
        mostFetches = try row.optionalInteger()
        fetches = try row.integer()
        isWhole = try row.flag()
        expiresAt = try row.time()
        createdAt = try row.time()
    }

    var values: [SQLValue] {
        [
            .text(id), .text(environmentID), SQLValue(length), SQLValue(mostFetches), .integer(fetches), SQLValue(isWhole),
            SQLValue(expiresAt), SQLValue(createdAt),
        ]
    }
}
