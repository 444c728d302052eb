import JSON

extension UnifiedModel {
    init(name: String, decoding definition: Definition) throws(CatalogError) {
        try CatalogShapes.unifiedModel.require(definition)
        let reader = DefinitionReader(definition)
        self.name = name
        label = reader.text("label") ?? name
        category = reader.text("category")
        description = reader.text("description")
        let children = reader.child("resources")?.children ?? []
        resourceNames = children.map(\.name)
        resources = [:]
        for (name, child) in children { resources[name] = UnifiedResource(name: name, decoding: child) }
    }
}

extension UnifiedResource {
    init(name: String, decoding reader: DefinitionReader) {
        self.name = name
        description = reader.text("description")
        schema = ResourceSchema(json: reader.raw("schema") ?? .object([:]))
        let fields = reader.child("references")
        references = fields?.children.compactMap { field, _ in fields?.text(field).map { (field, $0) } } ?? []
        let children = reader.child("methods")?.children ?? []
        methodNames = children.map(\.name)
        methods = [:]
        for (name, child) in children { methods[name] = UnifiedMethod(name: name, schema: schema, decoding: child) }
    }
}

extension UnifiedMethod {
    init(name: String, schema: ResourceSchema, decoding reader: DefinitionReader) {
        self.name = name
        httpMethod = Self.httpMethod(of: name)
        description = reader.text("description")
        let usual: Answer =
            switch name {
            case "list": .list
            case "get", "create", "update": .record
            case "delete": .deletion
            default: .wrapped
            }
        response = reader.word("answer") ?? usual
        let shared = Parameter.decode(reader.child("params"), schema)
        params = shared.map(\.name)
        requires = Requirement.decode(reader)
        saga = reader.child("saga").map { SagaModel(decoding: $0) }
        query = Parameter.joined(shared, Parameter.decode(reader.child("query", "query_schema"), schema))
        let fields = Parameter.decode(reader.child("body", "request_body_schema"), schema)
        // What takes no body takes no parameter in it.
        body = fields.isEmpty ? [] : Parameter.joined(fields, shared)
    }

    /// With a mapping's own requirements and descriptions over the model's.
    func refined(by mapping: Mapping, _ reader: DefinitionReader) -> UnifiedMethod {
        var method = self
        let own = reader.child("query_schema")
        method.query = Parameter.merge(query, own)
        method.body = Parameter.merge(body, reader.child("request_body_schema"))
        // What a vendor says of a shared parameter is true of both places.
        for at in method.body.indices where params.contains(method.body[at].name) {
            guard let text = own?.child(method.body[at].name)?.text("description") else { continue }
            method.body[at].description = text
        }
        method.requires += mapping.requires
        if let description = mapping.description { method.description = description }
        return method
    }
}

extension UnifiedMethod.Parameter {
    private static let ownKeys = ["field", "required", "required_if", "conditionally_required"]

    static func decode(_ reader: DefinitionReader?, _ schema: ResourceSchema) -> [Self] {
        reader?.children.map { name, child in
            // An entry may just name a field of the resource: type and description are then the field's.
            var json = schema.json[path: ["properties", name]]?.object ?? [:]
            for (key, value) in child.whole where !ownKeys.contains(key) { json[key] = value }
            return Self(name: name, json: json, child)
        } ?? []
    }

    /// One after the other, without those of the second that the first has.
    static func joined(_ first: [Self], _ second: [Self]) -> [Self] {
        first + second.filter { parameter in !first.contains { $0.name == parameter.name } }
    }

    static func merge(_ base: [Self], _ reader: DefinitionReader?) -> [Self] {
        var merged = base
        for (name, child) in reader?.children ?? [] {
            let at = merged.firstIndex { $0.name == name }
            var json = at.map { merged[$0].schema.object ?? [:] } ?? [:]
            for (key, value) in child.whole where !ownKeys.contains(key) { json[key] = value }
            var parameter = Self(name: name, json: json, child)
            if let at {
                let before = merged[at]
                parameter.required = child.bool("required") ?? before.required
                parameter.requiredIf = parameter.requiredIf ?? before.requiredIf
                parameter.field = parameter.field ?? before.field
                parameter.conditionallyRequired = parameter.conditionallyRequired ?? before.conditionallyRequired
                merged[at] = parameter
            } else {
                merged.append(parameter)
            }
        }
        return merged
    }

    private init(name: String, json: JSONObject, _ reader: DefinitionReader) {
        self.name = name
        schema = .object(json)
        description = json["description"]?.string
        required = reader.bool("required") ?? false
        requiredIf = reader.expression("required_if")
        field = reader.text("field")
        conditionallyRequired = reader.text("conditionally_required")
    }
}
