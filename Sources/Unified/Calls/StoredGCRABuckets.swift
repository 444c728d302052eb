package import Storage
import Upstream

/// The buckets of calls to providers, kept in the database.
package struct StoredGCRABuckets: GCRABucketStore {
    private let turns: any RateLimitStore

    package init(_ turns: any RateLimitStore) { self.turns = turns }

    package func change<Result: Sendable>(
        _ name: String,
        _ change: @escaping @Sendable (_ moments: [Int64], _ now: Int64) -> (moments: [Int64]?, result: Result)
    ) async throws -> Result { try await turns.changeRateLimits(name, change) }
}
