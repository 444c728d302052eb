extension SharedBuckets {
    /// What the nodes together say to one more call under way.
    enum Beginning: Sendable {
        case begun(SharedCall)
        /// There are as many as may be.
        case full
        case storeIsAway
    }

    /// Counts a call as under way for all nodes, where there are not as many as may be.
    ///
    /// - Parameter lease: how long it counts unless it is renewed.
    func begin(_ name: String, limit: Int, lease: Duration, at now: Duration) async -> Beginning {
        let length = lease.microsecondsUp
        let taken = await change(name, at: now) { moments, now -> (moments: [Int64]?, result: Int64?) in
            var leases = ConcurrencyLeases(moments, at: now)
            guard let moment = leases.take(limit: limit, until: now + length) else { return (nil, nil) }
            return (leases.moments, moment)
        }
        guard let taken else { return .storeIsAway }
        return taken.map { .begun(SharedCall(store, name, $0, lease: lease)) } ?? .full
    }
}
