import Accounts
import Catalog
import JSON
import Unified

/// Writes platform objects with what belongs inside them.
struct PlatformJSON: Sendable {
    let services: Services

    func json(_ account: IntegratedAccount) async throws -> JSONValue {
        let installation = try? await services.accounts.environmentIntegrations.get(
            account.environmentIntegrationID, environment: account.environmentID)
        return .object(
            account.json(integration: integration(account.integration), installation: installation?.json()))
    }

    func json(_ installation: EnvironmentIntegration) -> JSONValue {
        .object(installation.json(integration: integration(installation.integration)))
    }

    func json(_ model: EnvironmentUnifiedModel) -> JSONValue {
        .object(model.json(unifiedModel: unifiedModel(model.model)))
    }

    /// `{id, name, category, is_beta, sharing, config{label, logo…}}`: what anyone may know of an integration; neither
    /// its hosts' secrets nor how it signs in beyond the names of the fields.
    func integration(_ name: String) -> JSONValue? {
        guard let definition = try? services.catalog.integration(name) else { return nil }
        var config: JSONObject = ["label": .string(definition.label)]
        config["logo"] = definition.logo.map(JSONValue.string)
        config["credentials"] = .object(
            JSONObject(definition.credentials.map { (key: $0.name, value: Self.credential($0)) }))
        var object: JSONObject = [
            "id": .string(name), "name": .string(name), "category": definition.category.map(JSONValue.string) ?? .null,
            "is_beta": false, "sharing": "allow", "config": .object(config),
        ]
        object["description"] = definition.description.map(JSONValue.string)
        object["documentation_url"] = definition.documentationURL.map(JSONValue.string)
        return .object(object)
    }

    private static func credential(_ credential: Credential) -> JSONValue {
        let fields = credential.fields.map { field -> JSONValue in
            [
                "name": .string(field.name), "label": .string(field.label), "type": .string(field.kind.rawValue),
                "required": .bool(field.required),
            ]
        }
        return ["format": .string(credential.format.rawValue), "config": ["fields": .array(fields)]]
    }

    /// `{id, name, category, description, resources{name: {schema, description, methods}}, integrations{…}}`.
    func unifiedModel(_ name: String) -> JSONValue? {
        guard let model = try? services.catalog.model(name) else { return nil }
        var resources: JSONObject = [:]
        for resource in model.resourceNames {
            guard let definition = model.resources[resource] else { continue }
            resources[resource] = [
                "schema": definition.schema.json, "methods": .array(definition.methodNames.map(JSONValue.string)),
                "description": definition.description.map(JSONValue.string) ?? .null,
            ]
        }
        var supported: JSONObject = [:]
        for integration in services.catalog.integrationNames {
            guard let methods = try? services.catalog.mappedMethods(model: name, integration: integration),
                !methods.isEmpty
            else { continue }
            supported[integration] = .object(
                JSONObject(
                    methods.sorted { $0.key < $1.key }
                        .map { (key: $0.key, value: .array($0.value.map(JSONValue.string))) }))
        }
        return [
            "id": .string(name), "name": .string(name), "category": model.category.map(JSONValue.string) ?? .null,
            "description": model.description.map(JSONValue.string) ?? .null, "resources": .object(resources),
            "integrations": .object(supported),
        ]
    }
}

extension JSONValue {
    /// The envelope of platform lists (docs/wire.md#platform-resources).
    static func list(_ items: [JSONValue], _ nextCursor: String?, _ limit: Int) -> JSONValue {
        [
            "result": .array(items), "next_cursor": nextCursor.map(JSONValue.string) ?? .null,
            "limit": .number(JSONNumber(limit)),
        ]
    }
}
