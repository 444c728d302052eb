import Catalog
import Testing

/// Which limits of a provider a call counts in.
struct `The limits of a call` {
    static let limits = """
        rate_limit:
          limits:
            - {requests: 10, seconds: 10, authentication_methods: [key]}
            - {requests: 5, burst: 8, concurrent: 8}
            - {concurrent: 6}
            - {concurrent: 1, calls: [things.list, things.check]}
            - {requests: 2, calls: [things.list, things.check], authentication_methods: [oauth2]}
            - {requests: 1, seconds: 60, calls: [things.get]}
        """

    static func vendor(_ limits: String) -> String {
        """
        label: V
        base_url: https://a.test
        credentials:
          key: {format: api_key, config: {fields: [{name: k, label: K, type: password}]}}
          oauth2: {format: api_key, config: {fields: [{name: o, label: O, type: password}]}}
        authorization: {format: bearer, config: {token: t}}
        \(limits)
        resources:
          things:
            list: {path: /t}
            check: {path: /t}
            get: {path: "/t/{{id}}"}
        """
    }

    static let rows: [(call: String, method: String?, expected: [String])] = [
        ("get", "key", ["things.get: 1/60 at once any", ": 10/10 5/1 at once 6"]),
        ("get", "oauth2", ["things.get: 1/60 at once any", ": 5/1 at once 6"]),
        ("list", "key", ["things.list,things.check: at once 1", ": 10/10 5/1 at once 6"]),
        ("check", "oauth2", ["things.list,things.check: 2/1 at once 1", ": 5/1 at once 6"]),
        // Not known how it was connected: what may hold does.
        ("list", nil, ["things.list,things.check: 2/1 at once 1", ": 10/10 5/1 at once 6"]),
    ]

    @Test(arguments: rows)
    func `are those of its name and of the account's way to connect, the narrow ones first`(
        call: String, method: String?, expected: [String]
    ) throws {
        let integration = try Sample.catalog(integration: Self.vendor(Self.limits)).integration("vendor")
        let found = try #require(integration.resources["things"]?.methods[call])
        let limits = try #require(integration.rateLimit).limits(of: found, authenticationMethod: method)
        let texts = limits.map { limit in
            let rates = limit.buckets.map { "\($0.requests)/\($0.seconds.plainText)" }
            return ([limit.name + ":"] + rates + ["at once", limit.concurrency.map(String.init) ?? "any"]).joined(separator: " ")
        }
        #expect(texts == expected)
    }

    static let faults: [(String, String)] = [
        (
            "{concurrent: 8, calls: [things.lst]}",
            "rate_limit.limits.0.calls.0: there is no call 'things.lst' (did you mean 'things.list'?)"
        ),
        (
            "{requests: 1, authentication_methods: [oauth]}",
            "rate_limit.limits.0.authentication_methods.0: there is no authentication method 'oauth' (did you mean 'oauth2'?)"
        ),
        ("{calls: [things.list]}", "rate_limit.limits.0: 'requests' or 'concurrent' is missing"),
        ("{concurrent: 2, seconds: 5}", "rate_limit.limits.0.seconds: says something only beside 'requests'"),
        ("{concurrent: 0}", "rate_limit.limits.0.concurrent: expected a whole number"),
    ]

    @Test(arguments: faults) func `are checked by lint`(limit: String, fault: String) {
        let text = Self.vendor("rate_limit: {limits: [\(limit)]}")
        let faults = CatalogLint.run(Sample.catalog(integration: text)).faults.map(\.description)
        #expect(faults.contains { $0.contains(fault) }, "\(faults)")
    }

    @Test func `of a good definition have no fault`() {
        let faults = CatalogLint.run(Sample.catalog(integration: Self.vendor(Self.limits))).faults.map(\.description)
        #expect(!faults.contains { $0.contains("rate_limit") }, "\(faults)")
    }
}
