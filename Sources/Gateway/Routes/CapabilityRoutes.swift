import Accounts
import Catalog
import HTTPTypes
import JSON
import Unified

/// `GET /integration/{id}/capabilities` and `GET /integrated-account/{id}/capabilities`: what an integration offers, with
/// its limits, so that a client can refuse a file before it sends it.
struct CapabilityRoutes: Sendable {
    let services: Services

    var routes: [Route] {
        [
            Route(.get, "/integration/{id}/capabilities", .apiToken, "getIntegrationCapabilities") { call, _ in
                let filter = try CapabilityFilter(try call.query())
                guard services.catalog.integrationNames.contains(call.pathID) else {
                    throw APIError(.notFound, "There is no integration \(call.pathID)")
                }
                try await call.responseWriter.send(.json(.object(try capabilities(call.pathID, filter))))
            },
            Route(.get, "/integrated-account/{id}/capabilities", .apiToken, "getAccountCapabilities") { call, caller in
                let filter = try CapabilityFilter(try call.query())
                let environment = try caller.environment()
                let account = try await services.accounts.integratedAccounts.get(call.pathID, environment: environment)
                var found = try capabilities(account.integration, filter)
                found["environment_id"] = .string(environment)
                found["account"] = [
                    "id": .string(account.id), "status": .string(account.status.rawValue),
                    "authentication_method": .string(account.authenticationMethod), "is_blocked": .bool(account.isBlocked),
                ]
                try await call.responseWriter.send(.json(.object(found)))
            },
        ]
    }

    private func capabilities(_ name: String, _ filter: CapabilityFilter) throws -> JSONObject {
        let integration = try services.catalog.integration(name)
        var unified: [JSONValue] = []
        if filter.includesUnified {
            for model in services.catalog.modelNames {
                unified += try Self.unified(services.catalog, model, name, filter)
            }
        }
        return [
            "integration": [
                "id": .string(name), "name": .string(name), "label": .string(integration.label),
                "category": integration.category.map(JSONValue.string) ?? .null,
            ],
            // Calls of a provider's own methods are not served here, so there is nothing to offer or to rate.
            "proxy": [],
            "unified": .array(unified),
            "auth": [
                "formats": .array(integration.credentials.map { .string($0.format.rawValue) }),
                "fields": .array(integration.credentials.flatMap(\.fields).map { Self.field($0) }),
                "documentation_link": integration.credentials.lazy.compactMap(\.documentationLink).first
                    .map(JSONValue.string) ?? .null,
            ],
            "ai_readiness": ["proxy_methods": 0, "proxy_methods_with_descriptions": 0, "ai_ready_score": 0],
        ]
    }

    private static func unified(
        _ catalog: Catalog, _ model: String, _ integration: String, _ filter: CapabilityFilter
    ) throws -> [JSONValue] {
        let definition = try catalog.model(model)
        let mapped = try catalog.mappedMethods(model: model, integration: integration)
        var resources: [JSONValue] = []
        for resource in definition.resourceNames where filter.takes(resource: resource) {
            var details = JSONObject()
            for method in definition.resources[resource]?.methodNames ?? []
            where mapped[resource]?.contains(method) == true && filter.takes(method: method) {
                let plan = try catalog.plan(model: model, resource: resource, method: method, integration: integration)
                let detail = MethodDetail(plan)
                if filter.demandsDescription, detail.description == nil { continue }
                details[method] = detail.json
            }
            guard !details.isEmpty else { continue }
            resources.append([
                "model": .string(model), "model_label": .string(definition.label), "resource": .string(resource),
                "description": definition.resources[resource]?.description.map(JSONValue.string) ?? .null,
                "docs_url": "/docs", "methods": .array(details.map { .string($0.key) }),
                "env_overridden": false, "method_details": .object(details),
            ])
        }
        return resources
    }

    private static func field(_ field: Credential.Field) -> JSONValue {
        [
            "name": .string(field.name), "label": .string(field.label), "type": .string(field.kind.rawValue),
            "required": .bool(field.required),
        ]
    }
}

/// `type`, `methods`, `resource` and `has_description` of a request for capabilities.
struct CapabilityFilter {
    private let type: String
    private let methods: Set<String>?
    private let resource: String?
    /// Whether methods without a description are left out; they are unless asked for.
    let demandsDescription: Bool

    init(_ query: JSONObject) throws(APIError) {
        type = query["type"]?.string ?? "all"
        guard ["proxy", "unified", "all"].contains(type) else {
            throw APIError(.invalidQueryParameter, "type must be proxy, unified or all", param: "type")
        }
        let names =
            query["methods"]?.string?.split(separator: ",").map(String.init)
            ?? query["methods"]?.array?.compactMap(\.string)
        methods = names.map(Set.init)
        resource = query["resource"]?.string
        switch query["has_description"]?.string?.lowercased() {
        case nil, "true", "1": demandsDescription = true
        case "false", "0": demandsDescription = false
        default: throw APIError(.invalidQueryParameter, "has_description must be true or false", param: "has_description")
        }
    }

    var includesUnified: Bool { type != "proxy" }

    func takes(method: String) -> Bool { methods?.contains(method) ?? true }
    func takes(resource: String) -> Bool { self.resource.map { $0 == resource } ?? true }
}
