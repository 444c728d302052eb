/// The right to do something alone, across nodes, for a time.
///
/// Whoever holds one and dies loses it when it expires. It is a promise among those who ask: what must never happen
/// twice is guarded by the version of what it writes.
package protocol LeaseStore: Sendable {
    /// Takes the lease where it is free, expired or the owner's own already, and sets its end; whether it did.
    ///
    /// - Parameters:
    ///   - owner: different for each attempt, so that one that was given up cannot be taken for another.
    ///   - now: nil for the database's own clock, which is the same for all nodes.
    func acquireLease(
        _ name: String, owner: String, seconds: Int64, now: Timestamp?
    ) async throws(StorageError) -> Bool
    /// Moves the end of a lease that the owner still holds; whether they do.
    func renewLease(_ name: String, owner: String, seconds: Int64, now: Timestamp?) async throws(StorageError) -> Bool
    /// Gives it back; nothing happens where another holds it by now.
    func releaseLease(_ name: String, owner: String) async throws(StorageError)
}

extension SQLStore: LeaseStore {
    package func acquireLease(
        _ name: String, owner: String, seconds: Int64, now: Timestamp?
    ) async throws(StorageError) -> Bool {
        let clock = engine.clockQuery
        return try await engine.write { session in
            let now = try now ?? session.time(clock)
            return try session.run(
                """
                INSERT INTO leases (name, owner, expires_at) VALUES (\(name), \(owner), \(now.adding(seconds: seconds)))
                ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
                WHERE leases.expires_at <= \(now) OR leases.owner = excluded.owner
                """) > 0
        }
    }

    package func renewLease(
        _ name: String, owner: String, seconds: Int64, now: Timestamp?
    ) async throws(StorageError) -> Bool {
        let clock = engine.clockQuery
        return try await engine.write { session in
            let now = try now ?? session.time(clock)
            return try session.run(
                """
                UPDATE leases SET expires_at = \(now.adding(seconds: seconds))
                WHERE name = \(name) AND owner = \(owner) AND expires_at > \(now)
                """) > 0
        }
    }

    package func releaseLease(_ name: String, owner: String) async throws(StorageError) {
        _ = try await engine.write { try $0.run("DELETE FROM leases WHERE name = \(name) AND owner = \(owner)") }
    }
}

extension SQLSession {
    fileprivate func time(_ query: SQLStatement) throws -> Timestamp {
        guard var row = try rows(query).first else { throw StorageError.corrupt("the clock gives no row") }
        return try row.time()
    }
}
