import Synchronization

/// A call that all nodes count as under way, until it ends or its node does.
final class SharedCall: Sendable {
    private struct State {
        /// Under which it is counted.
        var moment: Int64
        var renewal: Task<Void, Never>?
    }

    private let state: Mutex<State>
    private let store: any GCRABucketStore
    private let name: String

    init(_ store: any GCRABucketStore, _ name: String, _ moment: Int64, lease: Duration) {
        self.store = store
        self.name = name
        state = Mutex(State(moment: moment))
        let renewal = Task { [weak self] in
            while (try? await Task.sleep(for: lease / 3)) != nil, let self { await self.renew(lease) }
        }
        state.withLock { $0.renewal = renewal }
    }

    /// Where the store does not respond the lease lapses, and the others may have one call more under way.
    private func renew(_ lease: Duration) async {
        let (held, length) = (state.withLock(\.moment), lease.microsecondsUp)
        let renewed = try? await store.change(name) { moments, now in
            var leases = ConcurrencyLeases(moments, at: now)
            let moment = leases.renew(held, until: now + length)
            return (leases.moments, moment)
        }
        if let renewed { state.withLock { $0.moment = renewed } }
    }

    /// Takes it back, when the store gets to it.
    func end() {
        let renewal = state.withLock { state in
            defer { state.renewal = nil }
            return state.renewal
        }
        guard let renewal else { return }
        renewal.cancel()
        Task {
            // Only then is it known under which moment it is counted.
            await renewal.value
            let held = state.withLock(\.moment)
            try? await store.change(name) { moments, now in
                var leases = ConcurrencyLeases(moments, at: now)
                leases.give(held)
                return (leases.moments, ())
            }
        }
    }

    deinit { state.withLock { $0.renewal?.cancel() } }
}
