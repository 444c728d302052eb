/// When calls to providers have their turn, among all nodes.
package protocol RateLimitStore: Sendable {
    /// Whether several nodes may be on this store.
    var isShared: Bool { get }

    /// Lets `change` decide on the moments that are kept under a name, which nobody else changes meanwhile.
    ///
    /// All times are microseconds since 1970 by the database's clock.
    ///
    /// - Parameter change: pure, as it may run again. It is given the moments, none at first, and the time. The moments
    ///   that it returns are kept; nil leaves them.
    func changeRateLimits<Result: Sendable>(
        _ name: String,
        _ change: @escaping @Sendable (_ moments: [Int64], _ now: Int64) -> (moments: [Int64]?, result: Result)
    ) async throws(StorageError) -> Result
    /// Removes what was not asked for since all its moments passed, an hour ago or more; how many.
    func deleteRateLimits(expiredAt: Timestamp, limit: Int) async throws(StorageError) -> Int
}

extension SQLStore: RateLimitStore {
    package var isShared: Bool { engine.isServer }

    package func changeRateLimits<Result: Sendable>(
        _ name: String,
        _ change: @escaping @Sendable (_ moments: [Int64], _ now: Int64) -> (moments: [Int64]?, result: Result)
    ) async throws(StorageError) -> Result {
        let clock = engine.clockMicroseconds
        return try await engine.write { session in
            // Makes the row or locks the one there is, and only then reads moments and clock.
            guard
                var row = try session.rows(
                    """
                    INSERT INTO call_turns (name, moments, expires_at) VALUES (\(name), '', '')
                    ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING moments, \(clock)
                    """
                ).first
            else { throw StorageError.corrupt("a row that was written is not there") }
            let kept = try RateLimitSlots.parse(try row.text())
            let (moments, result) = change(kept, try row.integer())
            if let moments {
                try session.run(
                    """
                    UPDATE call_turns SET moments = \(RateLimitSlots.text(moments)), expires_at = \(RateLimitSlots.expiry(moments))
                    WHERE name = \(name)
                    """)
            }
            return result
        }
    }

    package func deleteRateLimits(expiredAt time: Timestamp, limit: Int) async throws(StorageError) -> Int {
        // The time is asked for twice: what was used between the two stays.
        try await engine.write { session in
            try session.run(
                """
                DELETE FROM call_turns WHERE expires_at <= \(time) AND name IN (
                    SELECT name FROM call_turns WHERE expires_at <= \(time) ORDER BY expires_at LIMIT \(limit)
                )
                """)
        }
    }
}

private enum RateLimitSlots {
    static func text(_ moments: [Int64]) -> String { moments.map(String.init).joined(separator: ",") }

    static func parse(_ text: String) throws(StorageError) -> [Int64] {
        let parts = text.split(separator: ",")
        let moments = parts.compactMap { Int64($0) }
        guard moments.count == parts.count else { throw .corrupt("a moment is not a number") }
        return moments
    }

    /// The first full hour at least an hour behind the last moment: clocks of nodes may differ.
    static func expiry(_ moments: [Int64]) -> Timestamp {
        let hours = (moments.max() ?? 0) / 3_600_000_000 + 2
        return Timestamp(millisecondsSinceEpoch: hours * 3_600_000)
    }
}
