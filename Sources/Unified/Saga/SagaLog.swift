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

/// Watches the requests of one step, to know what its failure means, and which files they hold.
package final class SagaWatch: Sendable {
    private let counts = Mutex<(writes: Int, behind: Int)>((0, 0))
    private let files = Mutex<(held: Set<Int>, kept: Set<Int>?)>(([], nil))

    init() {}

    /// A request that is about to leave holds files of these places in the caller's list.
    func holds(_ items: [Int]) { files.withLock { $0.held.formUnion(items) } }

    var held: Set<Int> { files.withLock { $0.held } }

    /// What is to be recorded before a request leaves that may change something: at the first, and wherever a file was added.
    func news() -> Set<Int>? {
        files.withLock { files in
            guard files.kept != files.held else { return nil }
            files.kept = files.held
            return files.held
        }
    }

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
