import JSON
import Storage

extension Vault {
    /// A ciphertext record of a JSON object; `version` counts the changes of its text.
    func seal(
        _ object: JSONObject, for place: EncryptionContext, version: Int64, at time: Timestamp
    ) throws(AccountsError) -> EncryptedRecord {
        do {
            let (keyID, envelope) = try seal(JSONValue.object(object).bytes(), for: place)
            return EncryptedRecord(
                ownerID: place.ownerID, field: place.field, environmentID: place.environmentID, keyID: keyID,
                envelope: envelope, version: version, updatedAt: time
            )
        } catch {
            throw .vault(error)
        }
    }

    /// The object of a record read for `place`; an empty one where there is no record.
    func open(_ record: EncryptedRecord?, for place: EncryptionContext) throws(AccountsError) -> JSONObject {
        guard let record else { return JSONObject() }
        let bytes: [UInt8]
        do { bytes = try open(record.envelope, for: place) } catch { throw .vault(error) }
        guard let object = try? JSONValue.parse(bytes).object else { throw .vault(.tampered) }
        return object
    }

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

extension EncryptionContext {
    /// The one ciphertext beside a row, with all its secrets.
    static func secrets(of ownerID: String, environment: String) -> Self {
        Self(environmentID: environment, ownerID: ownerID, field: EncryptedRecord.secretsField)
    }
}
