import HTTPTypes
import Synchronization

/// What every pretend vendor shares: the journal, the scripted behaviours, the clock, the spool.
final class SandboxCore: Sendable {
    let journal = Journal()
    let behaviours = BehaviourBoard()
    let connections = ConnectionRegistry()
    let clock: SandboxClock
    let spool: FileSpool

    init(clock: SandboxClock, spool: FileSpool) {
        self.clock = clock
        self.spool = spool
    }

    /// Opens the record of a request whose head has arrived, and picks the behaviour for it.
    func begin(_ head: HTTPRequest) -> Exchange {
        let path = (head.path ?? "/").prefix { $0 != "?" }
        // Noted before the behaviour is taken: behaviours deleted in between release it too.
        let releases = connections.releases
        let isControl = path.hasPrefix("/_sandbox")
        let action = isControl ? nil : behaviours.take(method: head.method.rawValue, path: String(path))
        return journal.begin(isKept: !isControl) { id in
            Exchange(id: id, head: head, receivedAt: clock.now, action: action, releases: releases, spool: spool)
        }
    }
}

extension SandboxCore {
    /// Forgets requests, behaviours and clock changes; stalled requests go on.
    func reset() {
        behaviours.clear()
        connections.releaseStalls()
        journal.clear()
        clock.reset()
    }
}
