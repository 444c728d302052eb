package import JSON
import Storage

extension IntegratedAccountService {
    /// Notes how an integration's actions went with an account, and what they add to its context.
    ///
    /// - Parameter result: shown as `last_action_result`.
    package func finishActions(
        _ id: String, environment: String, status: AccountStatus, lastError: JSONValue?, result: JSONValue,
        context patch: Secret<JSONObject> = Secret([:]), secretPaths: SecretPaths = SecretPaths([])
    ) async throws(AccountsError) -> IntegratedAccount {
        try await change(
            id, environment, given: nil, as: "integrated_account.actions_run"
        ) { (account, now) throws(AccountsError) in
            account.record.status = status.rawValue
            account.record.lastError = Document.text(lastError)
            account.record.lastActionResult = Document.text(result)
            if !patch.exposed().isEmpty { try account.patchContext(patch.exposed(), secretPaths, at: now) }
            account.events = [AccountEvent.Kind(connected: status)].compactMap(\.self)
            return true
        }
    }

    /// Gives an account other credentials that are known to work.
    ///
    /// - Parameters:
    ///   - context: what the person entered; the whole context from now on, unless `persisting` the one before.
    ///   - status: `incomplete` where a required field is still to be chosen.
    ///   - result: shown as `last_action_result`.
    package func reconnect(
        _ id: String, environment: String, method: String, context: Secret<JSONObject>, persisting: Bool,
        status: AccountStatus = .active, result: JSONValue, secretPaths: SecretPaths = SecretPaths([])
    ) async throws(AccountsError) -> IntegratedAccount {
        try await change(
            id, environment, given: nil, as: "integrated_account.reconnected"
        ) { (account, now) throws(AccountsError) in
            if !persisting {
                let removals = JSONObject(try account.context().map { (key: $0.key, value: JSONValue.null) })
                try account.patchContext(removals, secretPaths, at: now)
            }
            try account.patchContext(context.exposed(), secretPaths, at: now)
            account.countsAsNew = true
            account.record.authenticationMethod = method
            account.record.status = status.rawValue
            account.record.lastError = nil
            account.record.lastForbiddenError = nil
            account.record.lastActionResult = Document.text(result)
            account.events = [.updated] + [AccountEvent.Kind(connected: status)].compactMap(\.self)
            return true
        }
    }
}
