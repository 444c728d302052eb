/// Where several nodes keep their buckets together.
package protocol GCRABucketStore: Sendable {
    /// Lets `change` decide on what is kept under `name`. What others do to the same name comes before or after it.
    ///
    /// All times are microseconds since 1970 on a clock that is the same for all nodes.
    ///
    /// - Parameter change: pure, since it may run again. It is given the moments that are kept, none at first, and the
    ///   time. The moments that it returns are kept; nil leaves them.
    /// - Throws: where it cannot be said whether anything was kept.
    func change<Result: Sendable>(
        _ name: String,
        _ change: @escaping @Sendable (_ moments: [Int64], _ now: Int64) -> (moments: [Int64]?, result: Result)
    ) async throws -> Result
}

extension GCRABuckets {
    /// What these buckets are kept under. Nodes that know other rules, as while a deployment rolls, do not start each
    /// other's counting over.
    static func name(_ account: String, _ rules: [GCRABucket.Rule]) -> String {
        rules.reduce(account) { "\($0) \($1.interval.microsecondsUp)+\($1.tolerance.microsecondsUp)" }
    }

    init(_ rules: [GCRABucket.Rule], kept moments: [Int64]) {
        self.init(rules, moments: moments.map { .microseconds($0) })
    }

    var kept: [Int64] { moments.map(\.microsecondsUp) }
}
