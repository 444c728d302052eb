package import JSON
import Storage

/// A call that the provider forbade (403) although it took the credentials: the account may do less than the call needs.
///
/// `last_forbidden_error` of an account names the last one until the same call succeeds (docs/wire.md#errors).
package struct ForbiddenCall: Sendable, Hashable {
    package var resource: String
    package var method: String

    package init(resource: String, method: String) {
        self.resource = resource
        self.method = method
    }

    /// `{resource, method, missing_scopes, occurred_at}`. Providers do not say in one form which scopes are missing, so the
    /// list is empty.
    func error(at time: Timestamp) -> JSONValue {
        [
            "resource": .string(resource), "method": .string(method), "missing_scopes": [],
            "occurred_at": .string(time.text),
        ]
    }

    /// Whether an account's `last_forbidden_error` is about this call.
    package func isNamed(by error: JSONValue?) -> Bool {
        error?["resource"]?.string == resource && error?["method"]?.string == method
    }

    /// Whether the account's error already names this call and this minute. A client that repeats a forbidden call must not
    /// cost a write each time.
    func isNoted(in error: JSONValue?, at time: Timestamp) -> Bool {
        isNamed(by: error) && error?["occurred_at"]?.string?.prefix(16) == time.text.prefix(16)
    }
}

extension IntegratedAccountService {
    /// Notes a call that the provider has just forbidden.
    package func noteForbidden(_ call: ForbiddenCall, _ id: String, environment: String) async throws(AccountsError) {
        _ = try await change(id, environment, given: nil, as: nil) { (account, now) throws(AccountsError) in
            let noted = try Document.value(account.record.lastForbiddenError, "last_forbidden_error")
            guard !call.isNoted(in: noted, at: now) else { return false }
            account.record.lastForbiddenError = Document.text(call.error(at: now))
            return true
        }
    }

    /// The provider carried out a call: it is no longer the forbidden one.
    package func noteAllowed(_ call: ForbiddenCall, _ id: String, environment: String) async throws(AccountsError) {
        _ = try await change(id, environment, given: nil, as: nil) { (account, _) throws(AccountsError) in
            let noted = try Document.value(account.record.lastForbiddenError, "last_forbidden_error")
            guard call.isNamed(by: noted) else { return false }
            account.record.lastForbiddenError = nil
            return true
        }
    }
}
