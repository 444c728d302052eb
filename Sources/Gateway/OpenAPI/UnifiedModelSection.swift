import Catalog
import JSON

/// A unified model as operations and schemas.
struct UnifiedModelSection: Sendable {
    let model: UnifiedModel
    /// Labels of the integrations that map a method, by `resource/method`.
    let integrations: [String: [String]]

    private var resources: [UnifiedResource] { model.resourceNames.compactMap { model.resources[$0] } }

    var operations: [OpenAPIOperation] {
        resources.flatMap { resource in
            resource.methodNames.compactMap { resource.methods[$0] }.map { operation($0, of: resource) }
        }
    }

    /// The records' schemas, and a list's envelope for resources that are listed.
    var schemas: [(String, JSONValue)] {
        resources.flatMap { resource -> [(String, JSONValue)] in
            let name = schemaName(resource)
            var schema = ResponseSchema.opened(resource.schema.json)
            if case .object(var object) = schema {
                object["description"] = resource.description.map(JSONValue.string)
                object["examples"] = [ExampleValue.of(resource.name, resource.schema.json)]
                schema = .object(object)
            }
            guard resource.methods["list"] != nil else { return [(name, schema)] }
            return [(name, schema), (name + "List", ResponseSchema.list(of: .schema(name)))]
        }
    }

    private func schemaName(_ resource: UnifiedResource) -> String {
        Self.capitalized(model.name) + Self.capitalized(resource.name)
    }

    private func operation(_ method: UnifiedMethod, of resource: UnifiedResource) -> OpenAPIOperation {
        let supporters = integrations["\(resource.name)/\(method.name)"] ?? []
        let hasBody = method.httpMethod != "GET" && method.httpMethod != "DELETE"
        return OpenAPIOperation(
            path: method.path(of: resource.name, in: model.name), method: method.httpMethod,
            id: Self.camel("\(method.name)-\(model.name)-\(resource.name)"),
            tag: "\(model.name)/\(resource.name)", tagDescription: resource.description,
            summary: Self.summary(method, resource),
            description: supporters.isEmpty
                ? "No integration of this gateway offers it yet."
                : "Offered by \(supporters.joined(separator: ", ")).",
            parameters: parameters(method, hasBody: hasBody) + expand(method, resource),
            requestBody: hasBody ? UnifiedRequestBody(method: method).json : Optional<JSONValue>.none,
            success: success(method, resource), successDescription: Self.response(method),
            errors: OpenAPIResponses.Name.allCases
        )
    }

    private func parameters(_ method: UnifiedMethod, hasBody: Bool) -> [JSONValue] {
        var shared = OpenAPIParameters.ofUnifiedCalls
        if hasBody { shared += OpenAPIParameters.ofBodies }
        if method.name == "create", method.body.contains(where: \.isFile) { shared += OpenAPIParameters.ofFiles }
        if method.httpMethod != "GET" { shared += OpenAPIParameters.ofWrites }
        if method.response == .list { shared += OpenAPIParameters.ofLists }
        return method.query.map { QueryParameter.json($0, isFilter: method.response == .list) }
            + shared.map(JSONValue.parameter)
    }

    private func expand(_ method: UnifiedMethod, _ resource: UnifiedResource) -> [JSONValue] {
        guard method.canExpand, !resource.references.isEmpty else { return [] }
        return [OpenAPIParameters.expand(resource.references.map(\.field))]
    }

    private func success(_ method: UnifiedMethod, _ resource: UnifiedResource) -> JSONObject {
        let record = JSONValue.schema(schemaName(resource))
        return switch method.response {
        case .list: ["application/json": ["schema": .schema(schemaName(resource) + "List")]]
        case .record where method.httpMethod == "GET": ["application/json": ["schema": record]]
        case .record: ["application/json": ["schema": ResponseSchema.written(record, inSteps: method.saga != nil)]]
        case .deletion: ["application/json": ["schema": .schema("Deleted")]]
        case .wrapped:
            [
                "application/json": [
                    "schema": [
                        "type": "object", "required": ["result"],
                        "properties": ["result": record, "warnings": ResponseSchema.warnings],
                    ]
                ]
            ]
        case .binary: ["*/*": ["schema": ["description": "The bytes, with the provider's content type."]]]
        }
    }

    private static func summary(_ method: UnifiedMethod, _ resource: UnifiedResource) -> String {
        guard let text = method.description else { return "\(method.name) \(resource.name)" }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    private static func response(_ method: UnifiedMethod) -> String {
        switch method.response {
        case .list: "One page of records."
        case .record: "The record, in the format `unified`."
        case .deletion: "The id of what is gone."
        case .wrapped: "What the method answers."
        case .binary: "The file."
        }
    }

    /// `list-ats-job_form_fields` → `listAtsJobFormFields`.
    private static func camel(_ name: String) -> String {
        let words = name.split { $0 == "-" || $0 == "_" }
        return words.prefix(1).joined() + words.dropFirst().map { capitalized(String($0)) }.joined()
    }

    private static func capitalized(_ name: String) -> String {
        name.split { $0 == "-" || $0 == "_" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
