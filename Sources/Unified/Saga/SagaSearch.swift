import Catalog
import JSON

/// The lists that a saga looks into.
struct SagaSearch {
    let exchange: ProviderExchange
    /// Records that one look reads.
    private static let page = 50

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    /// Whether the vendor's list can tell at all: it has the filters that are needed.
    func offers(_ find: SagaFind) async -> Bool {
        guard let list = await list(of: find) else { return false }
        let needed = Set(find.needs.flatMap(\.self))
        return find.needs.allSatisfy { group in group.contains { list.filters.contains($0) } }
            && list.requires.allSatisfy { group in group.contains { needed.contains($0) } }
    }

    /// The records of the first page; nil where the list cannot tell.
    ///
    /// - Parameter query: of which only filters that the vendor has are used.
    func records(_ find: SagaFind, _ query: JSONObject) async throws -> [JSONValue]? {
        guard let list = await list(of: find) else { return nil }
        let query = JSONObject(
            query.elements.filter { list.filters.contains($0.key) }.map { (key: $0.key, value: $0.value) })
        let isWhole = (find.needs + list.requires).allSatisfy { group in group.contains { query[$0] != nil } }
        guard isWhole else { return nil }
        let page = try await StepCall.document(call(find, query), exchange.service)
        let records = page?["result"]?.array ?? []
        // A filter that the gateway carries out reads some pages, and there are more.
        if records.isEmpty, page?["next_cursor"]?.string != nil { return nil }
        return records
    }

    /// The filters of the list, and those it cannot do without; nil where the vendor has no such list.
    private func list(of find: SagaFind) async -> (filters: Set<String>, requires: [[String]])? {
        guard let plan = try? await exchange.service.plan(for: call(find, [:])) else { return nil }
        return (Set(plan.filters?.supported ?? []), plan.unifiedMethod.requires)
    }

    private func call(_ find: SagaFind, _ query: JSONObject) -> UnifiedCall {
        var call = StepCall.base(exchange.call)
        call.resource = find.resource
        call.method = "list"
        call.parameters.query = query
        if !query.isEmpty { call.parameters.query["limit"] = .string(String(Self.page)) }
        return call
    }
}
