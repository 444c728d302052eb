import JSON
import Storage

extension Vault {
    /// What to write so that the secrets of a row, once `old`, are `new`: nothing where they are equal,
    /// unless that too is to count as a change.
    func change(
        from record: EncryptedRecord?, old: JSONObject, to new: JSONObject, for place: EncryptionContext, at time: Timestamp,
        always: Bool = false
    ) throws(AccountsError) -> EncryptedChange {
        if old == new, !always { return .keep }
        return .replace(try seal(new, for: place, version: (record?.version ?? 0) + 1, at: time))
    }
}
