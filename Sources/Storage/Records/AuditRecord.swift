import Crypto
import Encodings

/// What was done, by whom, to what: one entry of the audit log before it has its place in the chain.
package struct AuditEntry: Sendable, Hashable {
    package var at: Timestamp
    package var environmentID: String?
    /// Who did it, such as `token 9f…`; never a secret.
    package var actor: String
    /// Such as `api_token.created`.
    package var action: String
    /// The id of what it was done to.
    package var subject: String
    /// JSON object with the rest, such as the hashes of the row before and after; never a secret.
    package var detail: String

    package init(
        at: Timestamp, environmentID: String?, actor: String, action: String, subject: String, detail: String = "{}"
    ) {
        self.at = at
        self.environmentID = environmentID
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
    }
}

/// An entry in its place. Its hash covers the one before it, so none can be changed, removed or put in unseen.
package struct AuditRecord: Sendable, Hashable {
    /// From 1, without gaps.
    package var seq: Int64
    package var entry: AuditEntry
    package var previousHash: String
    /// SHA-256 in hexadecimal over the place, the hash before, and each part with its length before it.
    package var hash: String

    init(_ entry: AuditEntry, seq: Int64, after previousHash: String) {
        self.seq = seq
        self.entry = entry
        self.previousHash = previousHash
        hash = Self.hash(entry, seq, previousHash)
    }

    /// Whether the hash is that of the rest.
    package var isSound: Bool { hash == Self.hash(entry, seq, previousHash) }

    private static func hash(_ entry: AuditEntry, _ seq: Int64, _ previousHash: String) -> String {
        let parts = [
            "attache audit v1", String(seq), previousHash, entry.at.text, entry.environmentID ?? "", entry.actor,
            entry.action, entry.subject, entry.detail,
        ]
        var hash = SHA256()
        for part in parts { hash.update(data: Array("\(part.utf8.count):\(part)".utf8)) }
        return Hex.text(hash.finalize())
    }
}

extension AuditRecord: SQLRecord {
    static let table = "audit_entries"
    static let columns = [
        "seq", "at", "environment_id", "actor", "action", "subject", "detail", "previous_hash", "hash",
    ]

    init(row: inout SQLRow) throws(StorageError) {
        seq = try row.integer()
        entry = AuditEntry(
            at: try row.time(), environmentID: try row.optionalText(), actor: try row.text(), action: try row.text(),
            subject: try row.text(), detail: try row.text()
        )
        previousHash = try row.text()
        hash = try row.text()
    }

    var values: [SQLValue] {
        [
            .integer(seq), SQLValue(entry.at), SQLValue(entry.environmentID), .text(entry.actor), .text(entry.action),
            .text(entry.subject), .text(entry.detail), .text(previousHash), .text(hash),
        ]
    }
}
