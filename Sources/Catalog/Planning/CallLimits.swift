/// Limits that count the same calls of an account.
package struct CallLimits: Sendable, Hashable {
    /// Tells them from an account's other limits; empty: they count all its calls.
    package var name: String
    package var buckets: [RateLimit.Bucket] = []
    /// Calls under way at a time; nil: any number.
    package var concurrency: Int?
}

extension RateLimit {
    /// The limits that a call counts in, those of few calls first.
    ///
    /// - Parameter authenticationMethod: how the account signed in; nil: it is not known, so that every limit may hold.
    package func limits(of call: IntegrationMethod, authenticationMethod: String?) -> [CallLimits] {
        var all = CallLimits(name: "")
        var narrow: [CallLimits] = []
        func change(_ scope: Scope, _ change: (inout CallLimits) -> Void) {
            guard scope.holds(for: call, authenticationMethod) else { return }
            let name = scope.calls.joined(separator: ",")
            if name.isEmpty {
                change(&all)
            } else if let at = narrow.firstIndex(where: { $0.name == name }) {
                change(&narrow[at])
            } else {
                narrow.append(CallLimits(name: name))
                change(&narrow[narrow.count - 1])
            }
        }
        for bucket in buckets { change(bucket.scope) { $0.buckets.append(bucket) } }
        for entry in concurrency {
            change(entry.scope) { $0.concurrency = min($0.concurrency ?? entry.limit, entry.limit) }
        }
        return (narrow + [all]).filter { !$0.buckets.isEmpty || $0.concurrency != nil }
    }
}

extension RateLimit.Scope {
    fileprivate func holds(for call: IntegrationMethod, _ authenticationMethod: String?) -> Bool {
        let isOfCall = calls.isEmpty || calls.contains("\(call.resource).\(call.name)")
        guard isOfCall, !authenticationMethods.isEmpty, let authenticationMethod else { return isOfCall }
        return authenticationMethods.contains(authenticationMethod)
    }
}
