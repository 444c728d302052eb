/// What the provider allows, and how it says that it was too much.
public struct RateLimit: Sendable, Hashable {
    /// Truthy where a response means "too many requests"; scope `status`, `headers`. nil: status 429.
    public var isRateLimited: MappingExpression?
    /// Seconds to wait, or the name of the header that holds them.
    public var retryAfter: MappingExpression?
    /// The moment from which calls are allowed again, in seconds since 1970, or a header's name.
    public var resetAt: MappingExpression?
    /// Buckets to stay below of our own accord, per account.
    public var buckets: [Bucket]

    public struct Bucket: Sendable, Hashable {
        /// Calls per `seconds`, steadily.
        public var requests: Int
        public var seconds: Double
        /// The most calls at once.
        public var burst: Int
    }
}
