import Crypto
import Encodings
import JSON
import Storage

/// Who does what is being done now. The gateway sets it for each call; a task's children inherit it.
package enum AuditActor {
    /// `token ID`, `account token ACCOUNT`, `link token ID`, or `cli USER`; `system` where nobody asked. Never a secret.
    @TaskLocal package static var current = "system"
}

enum Audit {
    static func entry(
        _ action: String, _ subject: String, _ environment: String?, _ detail: JSONObject = [:], at time: Timestamp
    ) -> AuditEntry {
        AuditEntry(
            at: time, environmentID: environment, actor: AuditActor.current, action: action, subject: subject,
            detail: Document.text(detail)
        )
    }

    /// SHA-256 of a row's open half: it proves what was there without keeping it. Secrets are no part of it, because
    /// one that is easy to guess could be found by its hash.
    static func hash(_ object: JSONObject) -> JSONValue {
        .string(Hex.text(SHA256.hash(data: JSONValue.object(object).bytes())))
    }
}
