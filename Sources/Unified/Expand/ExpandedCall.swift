import Catalog
import HTTPTypes
import JSON
import NIOCore

/// A list or get whose references are filled with the records that they point to (docs/wire.md#expansion).
struct ExpandedCall {
    private let service: UnifiedService
    private let call: UnifiedCall
    private let plan: MethodPlan

    init(_ service: UnifiedService, _ call: UnifiedCall, _ plan: MethodPlan) {
        self.service = service
        self.call = call
        self.plan = plan
    }

    func perform(_ deliver: (UnifiedResponse) async throws -> Void) async throws {
        let expansion = ReferenceExpansion(fields: try await fields())
        var main = call
        main.parameters.expandedFields = []
        var text: ByteBuffer?
        var headers: HTTPFields = [:]
        try await service.perform(main) { response in
            if let document = response.document { (text, headers) = document }
        }
        guard let text, let whole = try? JSONValue.parse(Array(text.readableBytesView)) else {
            throw APIError(.badProviderResponse, "The provider's response is no record")
        }
        let isDebug = call.parameters.format == .debug
        let isList = plan.unifiedMethod.response == .list
        let document = (isDebug ? whole["result"] : whole) ?? .null
        let fetches = expansion.fetches(for: ReferenceExpansion.records(of: document, isList: isList))
        let found = try await ReferenceFetcher(service, call, plan).fetch(fetches)
        var filled = ReferenceExpansion.mapRecords(of: document, isList: isList) { expansion.filled($0, with: found.records) }
        if !found.warnings.isEmpty, var object = filled.object {
            if isList { object["is_partial_response"] = true }
            object["warnings"] = .array(found.warnings)
            filled = .object(object)
        }
        if isDebug, var object = whole.object {
            object["result"] = filled
            filled = .object(object)
        }
        try await deliver(.json(ByteBuffer(bytes: filled.bytes()), headers: headers))
    }

    /// The fields that the caller asks for, in the order of the model.
    ///
    /// - Throws: `invalid_query_parameter` for one that cannot be filled, with those that can; `forbidden` where the caller may not
    ///   read what it refers to.
    private func fields() async throws -> [ReferenceField] {
        let name = "truto_expand"
        let wanted = call.parameters.expandedFields
        guard plan.unifiedMethod.canExpand else {
            throw APIError(
                .invalidQueryParameter, "\(plan.method) has no references to expand", param: name,
                hint: "truto_expand is for list and get")
        }
        guard call.parameters.format != .raw, call.parameters.format != .stream else {
            throw APIError(
                .invalidQueryParameter,
                "References are expanded in mapped records, not with truto_response_format=\(call.parameters.format.rawValue)",
                param: name, hint: "Ask for unified, normalized or debug")
        }
        let model = try service.catalog.model(plan.model)
        guard let owner = model.resources[plan.resource] else { return [] }
        var offered: [ReferenceField] = []
        for (field, resource) in owner.references {
            guard let target = model.resources[resource], let required = try await required(resource) else { continue }
            offered.append(
                ReferenceField(
                    field, of: .init(resource: owner.name, references: owner.references),
                    to: .init(resource: target.name, references: target.references), required: required,
                    query: call.parameters.query))
        }
        let names = offered.map(\.name)
        if let refused = wanted.sorted().first(where: { !names.contains($0) }) {
            throw APIError(
                .invalidQueryParameter, "\(plan.integration.name) cannot expand \(refused) of \(plan.resource)", param: name,
                hint: names.isEmpty
                    ? "It has nothing to expand in \(plan.resource)" : "It can expand \(names.joined(separator: ", "))")
        }
        let chosen = offered.filter { wanted.contains($0.name) }
        for field in chosen { try call.authorize?(field.resource, "get") }
        return chosen
    }

    /// The groups of parameters that the vendor's `get` of a resource needs; nil where it has none.
    private func required(_ resource: String) async throws -> [[String]]? {
        do {
            let method = try await service.plan(for: ReferenceFetcher.call(resource, for: call)).unifiedMethod
            return method.requires + method.query.filter(\.required).map { [$0.name] }
        } catch let error as CatalogError where [.notMapped, .unknownMethod].contains(error.code) {
            return nil
        }
    }
}
