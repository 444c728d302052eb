package import JSON
package import Storage

extension AuditRecord {
    /// `{id, created_at, actor, action, subject, environment_id, detail, hash}`; `id` is its place in the chain.
    package var json: JSONObject {
        [
            "id": .number(JSONNumber(Int(seq))), "created_at": .string(entry.at.text), "actor": .string(entry.actor),
            "action": .string(entry.action), "subject": .string(entry.subject),
            "environment_id": entry.environmentID.map(JSONValue.string) ?? .null,
            "detail": (try? JSONValue.parse(entry.detail)) ?? .null, "hash": .string(hash),
        ]
    }
}
