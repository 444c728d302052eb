package import JSON
import Synchronization

/// Where a saga keeps what it has done, so that a repeat of the call goes on from there.
package protocol SagaLog: Sendable {
    /// What an earlier call with the same key has done; nil for the first.
    var earlier: JSONObject? { get }
    /// The caller's body was read to its end.
    ///
    /// - Throws: `idempotency_key_reused` where it says something else than the first call's.
    func bodyRead() throws(APIError)
    /// Keeps a state; once this has returned it survives the process.
    ///
    /// - Parameter isComplete: whether nothing is left to do.
    func keep(_ progress: JSONObject, isComplete: Bool) async throws
}

/// Counts the requests of one step, to know what its failure means.
package final class SagaWatch: Sendable {
    private let counts = Mutex<(writes: Int, behind: Int)>((0, 0))

    init() {}

    func sends(isWrite: Bool) {
        counts.withLock { counts in
            if counts.writes > 0 { counts.behind += 1 }
            if isWrite { counts.writes += 1 }
        }
    }

    /// Whether a request that may change something has left.
    var hasWritten: Bool { counts.withLock { $0.writes > 0 } }
    /// Whether others followed it: the first one was then accepted.
    var hasGoneOn: Bool { counts.withLock { $0.behind > 0 } }
}
