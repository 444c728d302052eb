import JSON

extension Mapping {
    /// - Parameters:
    ///   - resource: The unified resource's name: the provider's where the mapping names none.
    ///   - method: The unified method's name, likewise.
    init(resource: String, method: String, decoding reader: DefinitionReader) throws(CatalogError) {
        target = Target(
            resource: Name(reader, "resource") ?? .fixed(resource), method: Name(reader, "method") ?? .fixed(method)
        )
        steps = CallMapping(decoding: reader)
        sourceMode = reader.word("source_mode") ?? (method == "list" ? .concatenate : .firstFound)
        sources = []
        for item in reader.items("sources") {
            let source = Name(item, "resource") ?? .fixed(resource)
            var before: [Step] = []
            for step in item.items("before") { before.append(try Step(decoding: step)) }
            sources.append(
                Source(
                    name: item.text("name") ?? source.possible.first ?? resource,
                    target: Target(resource: source, method: Name(item, "method") ?? .fixed(method)),
                    steps: CallMapping(decoding: item), runIf: item.expression("run_if"), before: before
                )
            )
        }
        before = []
        for item in reader.items("before") { before.append(try Step(decoding: item)) }
        after = []
        for item in reader.items("after") { after.append(try Step(decoding: item)) }
        isPartial = reader.expression("is_partial_expression")
        defaultQuery = try reader.tree("query", "default_query")
        defaultBody = try reader.tree("body", "default_body")
        staticResponse = reader.raw("static_response")
        description = reader.text("description")
        evidence = Evidence(decoding: reader)
        requires = Requirement.decode(reader)
        refusals = reader.items("refuse").compactMap { item in
            guard let condition = item.expression("if"), let message = item.text("message") else { return nil }
            return Refusal(condition: condition, message: message, parameter: item.text("param"))
        }
        gatewayFilters = reader.texts("gateway_filters")
        sameForAny = reader.texts("same_for_any")
        expiresAt = reader.child("temporary")?.expression("expires_at")
        saga = reader.child("saga").map { SagaOutline(decoding: $0) }
    }
}

extension Mapping.Name {
    init?(_ reader: DefinitionReader, _ name: String) {
        if let text = reader.text(name) {
            self = .fixed(text)
        } else if let child = reader.child(name), let expression = child.expression("expression") {
            self = .computed(expression, choices: child.texts("resources", "methods"))
        } else {
            return nil
        }
    }
}

extension Mapping.Step {
    init(decoding reader: DefinitionReader) throws(CatalogError) {
        name = reader.text("name") ?? ""
        kind = reader.word("type") ?? .request
        runIf = reader.expression("run_if")
        forEach = reader.expression("for_each")
        makesRecord = reader.bool("makes_record") ?? false
        if let expression = reader.expression("config") {
            config = .expression(expression)
        } else {
            config = .template(try reader.tree("config") ?? .constant(.object([:])))
        }
    }
}

extension CallMapping {
    init(decoding reader: DefinitionReader) {
        self.init()
        query = reader.expression("query_mapping")
        body = reader.expression("request_body_mapping")
        headers = reader.expression("request_header_mapping")
        path = reader.expression("path_mapping")
        response = reader.expression("response_mapping")
        responseIsArray = reader.text("response_mapping_method").map { $0 == "array" }
        responseHeaders = reader.expression("response_header_mapping")
        error = reader.expression("error_mapping")
    }
}
