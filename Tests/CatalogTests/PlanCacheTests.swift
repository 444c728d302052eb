@testable import Catalog
import JSON
import Testing

struct `The cache of plans` {
    @Test func `is bounded by what its entries weigh, the longest unused going first`() {
        var cache = PlanCache<String, Int>(limit: 100)
        for (at, key) in ["a", "b", "c"].enumerated() { cache.put(at, key, cost: 30) }
        #expect(cache["a"] == 0)
        cache.put(3, "d", cost: 30)
        #expect(cache["b"] == nil && cache["a"] == 0 && cache["d"] == 3)
        #expect(cache.cost <= 100)
        cache.put(4, "huge", cost: 1000)
        #expect(cache["huge"] == 4 && cache.count == 1)
        cache.put(5, "huge", cost: 10)
        #expect(cache.cost == 10)
    }

    private static func overrides(_ version: String, of owner: String, text: String = "{}") -> Overrides {
        var overrides = Overrides(version: version, mappings: ["demo": ["things": ["list": ["query_mapping": .string(text)]]]])
        overrides.owner = owner
        return overrides
    }

    @Test func `drops what was made of an override that has changed`() throws {
        let catalog = Sample.catalog()
        func plan(_ version: String, _ owner: String, _ method: String = "list") throws -> MethodPlan {
            try catalog.plan(
                model: "demo", resource: "things", method: method, integration: "vendor",
                accountOverrides: Self.overrides(version, of: owner))
        }
        func isKnown(_ version: String, _ owner: String, _ method: String = "list") -> Bool {
            catalog.knownPlan(
                model: "demo", resource: "things", method: method, integration: "vendor", environmentOverrides: nil,
                accountOverrides: Self.overrides(version, of: owner)) != nil
        }
        _ = try plan("a/1", "a")
        _ = try plan("a/1", "a", "get")
        _ = try plan("b/1", "b")
        _ = try plan("a/2", "a")
        #expect(!isKnown("a/1", "a") && !isKnown("a/1", "a", "get"))
        #expect(isKnown("a/2", "a") && isKnown("b/1", "b"))
    }

    @Test func `weighs a plan by the text of its overrides`() {
        let short = PlanWeight.of([Self.overrides("1", of: "a")])
        let long = PlanWeight.of([Self.overrides("1", of: "a", text: String(repeating: " ", count: 60_000))])
        #expect(short < 64 << 10 && long > 1 << 20)
        #expect(PlanWeight.of([nil, nil]) < short)
    }

    @Test func `knows which of a plan's expressions an override wrote`() throws {
        let plan = try Sample.plan(
            "list", environment: Overrides(version: "1", integration: ["error_expression": "false"]),
            account: Self.overrides("1", of: "a"))
        #expect(plan.overriddenExpressions.map(\.source).sorted() == ["false", "{}"])
        #expect(try Sample.plan("list").overriddenExpressions.isEmpty)
        let harmless = try Sample.plan("list", environment: Overrides(version: "1", integration: ["base_url": "https://api.vendor.test"]))
        #expect(harmless.overriddenExpressions.isEmpty)
    }
}
