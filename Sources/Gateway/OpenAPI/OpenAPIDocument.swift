import Catalog
import JSON

/// The HTTP surface as an OpenAPI 3.1 document: made from the catalog and the routes, so it cannot lag behind them.
///
/// The same catalog and routes give the same bytes.
struct OpenAPIDocument: Sendable {
    let catalog: Catalog
    let routes: [Route]
    /// The version of the program.
    let version: String

    /// - Throws: `CatalogError` where a definition is not valid.
    func json() throws(CatalogError) -> JSONValue {
        var operations: [OpenAPIOperation] = []
        var schemas = OpenAPISchemas.shared
        for name in catalog.modelNames {
            let section = UnifiedModelSection(model: try catalog.model(name), integrations: try supporters(of: name))
            operations += section.operations
            for (key, schema) in section.schemas { schemas[key] = schema }
        }
        operations += PlatformSection(routes: routes).operations
        return [
            "openapi": "3.1.1",
            "info": info,
            "servers": [["url": "/", "description": "This gateway."]],
            "security": [["apiToken": []]],
            "tags": .array(tags(operations)),
            "paths": .object(Self.paths(operations)),
            "components": [
                "securitySchemes": [
                    "apiToken": [
                        "type": "http", "scheme": "bearer",
                        "description": "An API token of one environment, made with `attache token create`.",
                    ]
                ],
                "parameters": .object(OpenAPIParameters.shared),
                "headers": .object(OpenAPIResponses.headers),
                "responses": .object(OpenAPIResponses.shared),
                "schemas": .object(schemas),
            ],
        ]
    }

    private var info: JSONValue {
        [
            "title": "Attaché",
            "version": .string(version),
            "summary": "One HTTP API in front of every applicant tracking system.",
            "description": .string(
                """
                Hand a file to `POST /unified/ats/attachments`, and it lands in the customer's system.

                Every call names an integrated account: one customer's connection. Unified calls speak one model, \
                whatever the system behind it. Errors are always JSON with a stable `code`.
                """),
            "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
        ]
    }

    /// Integrations that map a method, by `resource/method`, each with the parameters that it needs besides the model's.
    private func supporters(of model: String) throws(CatalogError) -> [String: [String]] {
        var found: [String: [String]] = [:]
        for integration in catalog.integrationNames {
            let label = try catalog.integration(integration).label
            for (resource, methods) in try catalog.mappedMethods(model: model, integration: integration) {
                for method in methods {
                    let plan = try catalog.plan(model: model, resource: resource, method: method, integration: integration)
                    let needed = plan.mapping.requires.map { $0.joined(separator: " or ") }.joined(separator: " and ")
                    found["\(resource)/\(method)", default: []].append(needed.isEmpty ? label : "\(label) (needs \(needed))")
                }
            }
        }
        return found
    }

    private func tags(_ operations: [OpenAPIOperation]) -> [JSONValue] {
        var seen: Set<String> = []
        return operations.filter { seen.insert($0.tag).inserted }.map { operation in
            var tag: JSONObject = ["name": .string(operation.tag)]
            tag["description"] = operation.tagDescription.map(JSONValue.string)
            return .object(tag)
        }
    }

    private static func paths(_ operations: [OpenAPIOperation]) -> JSONObject {
        var paths: JSONObject = [:]
        for operation in operations {
            var item = paths[operation.path]?.object ?? [:]
            item[operation.method.lowercased()] = operation.json
            paths[operation.path] = .object(item)
        }
        return paths
    }
}
