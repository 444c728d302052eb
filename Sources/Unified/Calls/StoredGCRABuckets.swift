public import Storage
public import Upstream

/// The buckets of calls to providers, kept in the database.
public struct StoredGCRABuckets: GCRABucketStore {
    private let turns: any RateLimitStore

    public init(_ turns: any RateLimitStore) { self.turns = turns }

    public func change<Result: Sendable>(
        _ name: String,
        _ change: @escaping @Sendable (_ moments: [Int64], _ now: Int64) -> (moments: [Int64]?, result: Result)
    ) async throws -> Result { try await turns.changeRateLimits(name, change) }
}
