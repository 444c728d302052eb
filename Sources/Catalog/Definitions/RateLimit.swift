/// What the provider allows, and how it says that it was too much.
package struct RateLimit: Sendable, Hashable {
    /// Truthy where a response means "too many requests"; scope `status`, `headers`. nil: status 429.
    package var isRateLimited: MappingExpression?
    /// Seconds to wait, or the name of the header that holds them.
    package var retryAfter: MappingExpression?
    /// The moment from which calls are allowed again, in seconds since 1970, or a header's name.
    package var resetAt: MappingExpression?
    /// Rates to stay below of our own accord, per account.
    package var buckets: [Bucket]
    /// Numbers of calls under way at a time, per account.
    package var concurrency: [Concurrency]

    package struct Bucket: Sendable, Hashable {
        /// Calls per `seconds`, steadily.
        package var requests: Int
        package var seconds: Double
        /// The most calls at once.
        package var burst: Int
        package var scope: Scope
    }

    package struct Concurrency: Sendable, Hashable {
        package var limit: Int
        package var scope: Scope
    }

    /// What a limit holds for.
    package struct Scope: Sendable, Hashable {
        /// Names of calls, `resource.method`, that count together; empty: all calls do.
        package var calls: [String] = []
        /// Ways of signing in; empty: all.
        package var authenticationMethods: [String] = []
    }
}

extension Double {
    /// As people write it: `10`, `0.5`.
    package var plainText: String { Int(exactly: self).map(String.init) ?? String(self) }
}
