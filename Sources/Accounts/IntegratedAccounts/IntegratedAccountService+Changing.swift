package import JSON
import Storage

extension IntegratedAccountService {
    /// Reads an account, lets `edit` change it, and writes it with its secrets, until no other writer comes between.
    ///
    /// - Parameters:
    ///   - action: what the audit log calls it; nil for what the gateway does by itself all the time.
    ///   - edit: false where nothing is to be written.
    func change(
        _ id: String, _ environment: String, given version: Int64?, as action: String?,
        _ edit: (inout DecryptedAccount, Timestamp) throws(AccountsError) -> Bool
    ) async throws(AccountsError) -> IntegratedAccount {
        defer { drop(id, environment) }
        let record = try await retrying(
            read: { () async throws(AccountsError) in try await self.read(id, environment) },
            given: version, version: \.record.version
        ) { (stored) async throws(AccountsError) -> AccountRecord? in
            let old = try DecryptedAccount(stored, self.vault)
            var new = old
            let now = self.effects.now()
            guard try edit(&new, now) else { return old.record }
            new.record.version += 1
            new.record.updatedAt = now
            return try await self.write(new, over: old, as: action)
        }
        return try IntegratedAccount(record)
    }

    private func write(
        _ new: DecryptedAccount, over old: DecryptedAccount, as action: String?
    ) async throws(AccountsError) -> AccountRecord? {
        let sealed = try change(from: old.secrets, to: new, at: new.record.updatedAt)
        var store = store
        if let action {
            let detail: JSONObject = [
                "before": Audit.hash(try IntegratedAccount(old.record).json()),
                "after": Audit.hash(try IntegratedAccount(new.record).json()),
                "status": .string(new.record.status), "changes_credentials": .bool(sealed != .keep),
            ]
            let record = new.record
            store = store.recording(
                Audit.entry(action, record.id, record.environmentID, detail, at: record.updatedAt)
            )
        }
        let telling = store.announcing(OutboxEvent(new.events, at: new.record.updatedAt, effects: effects))
        let isWritten = try await stored { () async throws(StorageError) in
            try await telling.updateAccount(new.record, sealed: sealed)
        }
        return isWritten ? new.record : nil
    }

    /// Sets status and error as an event of the account's life demands.
    ///
    /// - Parameters:
    ///   - event: what webhooks are told where this changes the status.
    ///   - credentialsVersion: the credentials the event is about; when they have changed since, the event is out of date
    ///     and nothing is written. Nil for events about no credentials.
    /// - Returns: the account, and whether this call changed its status.
    @discardableResult
    package func setStatus(
        _ id: String, environment: String, to status: AccountStatus, lastError: JSONValue? = nil,
        telling event: AccountEvent.Kind? = nil, ifCredentialsVersion credentialsVersion: Int64? = nil
    ) async throws(AccountsError) -> (account: IntegratedAccount, changed: Bool) {
        var changed = false
        let account = try await change(
            id, environment, given: nil, as: "integrated_account.status_set"
        ) { (account, _) throws(AccountsError) in
            changed = false
            if let credentialsVersion, credentialsVersion != account.sealed?.version ?? 0 { return false }
            let error = Document.text(lastError)
            changed = account.record.status != status.rawValue
            guard changed || account.record.lastError != error else { return false }
            account.record.status = status.rawValue
            account.record.lastError = error
            if changed, let event { account.events = [event] }
            return true
        }
        return (account, changed)
    }

    /// Puts credentials that a person has given in the place of those that are there: merges `patch` into the context
    /// as `update` does. An account that was given up lives again.
    ///
    /// - Parameters:
    ///   - authenticationMethod: the method that they are for; nil for that of the account.
    ///   - version: refused with `.stale` where the stored one is another.
    ///   - isComplete: whether a context has all that the definition requires; the account is `incomplete` otherwise.
    package func replaceCredentials(
        _ id: String, environment: String, context patch: Secret<JSONObject>, authenticationMethod: String? = nil,
        version: Int64? = nil, secretPaths: SecretPaths = SecretPaths([]),
        isComplete: @Sendable (JSONObject) -> Bool = { _ in true }
    ) async throws(AccountsError) -> IntegratedAccount {
        try await change(
            id, environment, given: version, as: "integrated_account.credentials_replaced"
        ) { (account, now) throws(AccountsError) in
            try account.patchContext(patch.exposed(), secretPaths, at: now)
            // Also where they are the same: whoever waits for new ones waits for a new version.
            account.countsAsNew = true
            account.record.authenticationMethod = authenticationMethod ?? account.record.authenticationMethod
            account.events = [.updated]
            if [AccountStatus.needsReauth.rawValue, AccountStatus.incomplete.rawValue].contains(account.record.status) {
                let status: AccountStatus = isComplete(try account.context()) ? .active : .incomplete
                account.record.status = status.rawValue
                if status == .active { account.events.append(.active) }
            }
            account.record.lastError = nil
            return true
        }
    }

    /// Compare and swap of credentials: merges `patch` into the context as `update` does, if the credentials are still
    /// those of `version`.
    ///
    /// A swap always makes a new version, also where the credentials stay the same.
    ///
    /// - Parameter isRefresh: whether the provider gave them out by itself; that is not noted in the audit log.
    /// - Returns: the account after it, or nil where the credentials have changed: then read them again.
    package func swapCredentials(
        _ id: String, environment: String, ifVersion version: Int64, context patch: Secret<JSONObject>,
        secretPaths: SecretPaths = SecretPaths([]), isRefresh: Bool = false
    ) async throws(AccountsError) -> IntegratedAccount? {
        var isCurrent = true
        let action = isRefresh ? nil : "integrated_account.credentials_replaced"
        let account = try await change(
            id, environment, given: nil, as: action
        ) { (account, now) throws(AccountsError) in
            isCurrent = version == account.sealed?.version ?? 0
            guard isCurrent else { return false }
            try account.patchContext(patch.exposed(), secretPaths, at: now)
            account.countsAsNew = true
            return true
        }
        return isCurrent ? account : nil
    }
}
