import Accounts
import JSON
import Synchronization
import Unified

/// Keeps what a call of several steps has done beside its idempotency key.
final class IdempotentSagaLog: SagaLog {
    private let write: IdempotentWrite
    private let fingerprint: BodyFingerprint
    private let kept: JSONObject?
    private let unfinished: Mutex<Bool>

    /// - Parameter kept: what an earlier call with the key has left.
    init(_ write: IdempotentWrite, _ fingerprint: BodyFingerprint, kept: JSONObject?) {
        self.write = write
        self.fingerprint = fingerprint
        self.kept = kept
        unfinished = Mutex(kept != nil)
    }

    var earlier: JSONObject? { kept?["progress"]?.object }

    /// Whether there are steps left of what was begun.
    var isUnfinished: Bool { unfinished.withLock { $0 } }

    func bodyRead() throws(APIError) {
        guard let known = kept?["fingerprint"]?.string, known != fingerprint.value else { return }
        throw APIError(
            .idempotencyKeyReused, "This Idempotency-Key was used for another call", param: "idempotency-key",
            hint: "Use a new key for a new call")
    }

    func keep(_ progress: JSONObject, isComplete: Bool) async throws {
        var record: JSONObject = ["progress": .object(progress)]
        record["fingerprint"] = fingerprint.value.map(JSONValue.string)
        do throws(AccountsError) { try await write.keepProgress(record) } catch {
            guard error.code == .inUse else { throw error }
            throw APIError(.idempotencyKeyInUse, error.message).header("retry-after", "1")
        }
        unfinished.withLock { $0 = !isComplete }
    }
}
