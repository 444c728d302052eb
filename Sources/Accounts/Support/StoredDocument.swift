import JSON

/// Limits on the documents that callers store with accounts and installations.
///
/// They are held in memory, merged and compiled for calls, so that their size is a cost for everybody.
enum StoredDocument {
    /// Bytes of JSON.
    static let limit = 64 << 10
    /// Bytes that a secret has at least. Shorter ones could not be kept out of responses without garbling everything.
    static let shortestSecret = 4

    /// - Throws: `.invalid`.
    static func checkSize(_ document: JSONObject, _ name: String) throws(AccountsError) {
        let size = JSONValue.object(document).bytes().count
        guard size <= limit else {
            throw .invalid(name, "\(name) has \(size) bytes; at most \(limit) are stored")
        }
    }

    /// As `checkSize`, of a document that is changed: one that was too long before limits were set may shrink, and its
    /// tokens be renewed.
    static func checkGrowth(from old: JSONObject, to new: JSONObject, _ name: String) throws(AccountsError) {
        let size = JSONValue.object(new).bytes().count
        if size > limit, size > JSONValue.object(old).bytes().count + 1024 { try checkSize(new, name) }
    }

    /// - Parameters:
    ///   - secrets: the secrets of a document as it is to be stored.
    ///   - known: those that are stored already, which are left alone.
    ///
    /// Tokens that a token endpoint gives out, and sessions, are let pass: to refuse one would lose the only one that there is.
    /// - Throws: `.invalid` naming the member, never its value.
    static func checkSecrets(
        _ secrets: JSONObject, known: JSONObject, _ name: String
    ) throws(AccountsError) {
        for (key, value) in secrets where known[key] != value {
            let place = "\(name).\(key)"
            if place == "context.oauth" || place == "context.session" { continue }
            switch value {
            case .string(let text) where !text.isEmpty && text.utf8.count < shortestSecret:
                throw .invalid(place, "\(place) is a secret and must have at least \(shortestSecret) characters")
            case .object(let inner): try checkSecrets(inner, known: known[key]?.object ?? [:], place)
            default: break
            }
        }
    }
}
