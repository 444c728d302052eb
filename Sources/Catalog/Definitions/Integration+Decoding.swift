import JSON

extension Integration {
    init(name: String, decoding definition: Definition) throws(CatalogError) {
        let reader = DefinitionReader(definition)
        let faults = CatalogShapes.integration.check(definition)
        guard faults.isEmpty else {
            throw CatalogError(.invalidDefinition, "\(definition.file) is not valid", faults: faults)
        }
        self.name = name
        label = reader.text("label") ?? name
        category = reader.text("category")
        description = reader.text("description")
        logo = reader.text("logo", "icon")
        documentationURL = reader.text("documentation_url", "documentation_link")
        guard let base = try reader.template("base_url") else { throw reader.fault([], "'base_url' is missing") }
        baseURL = base
        allowedHosts = reader.texts("allowed_hosts").map { $0.lowercased() }
        headers = try reader.headers()
        query = try reader.tree("query")
        queryArrayFormat = reader.word("query_array_format") ?? .brackets
        credentials = try Credential.decode(reader.child("credentials"))
        (authorization, authorizationByMethod) = try Authorization.decodeAll(reader.child("authorization"))
        pagination = try reader.child("pagination").map { (child) throws(CatalogError) in try Pagination(decoding: child) }
        rateLimit = reader.child("rate_limit").map(RateLimit.init(decoding:))
        errorExpression = reader.expression("error_expression")
        var resources: [String: IntegrationResource] = [:]
        for (resource, methods) in reader.child("resources")?.children ?? [] {
            resources[resource] = try IntegrationResource(name: resource, decoding: methods)
        }
        self.resources = resources
        actions = try Action.decode(reader.child("actions"))
    }
}

extension IntegrationResource {
    init(name: String, decoding reader: DefinitionReader) throws(CatalogError) {
        var methods: [String: IntegrationMethod] = [:]
        for (method, inner) in reader.children where inner.value.object != nil {
            methods[method] = try IntegrationMethod(resource: name, name: method, decoding: inner)
        }
        self.init(description: reader.text("description"), methods: methods)
    }
}

extension IntegrationMethod {
    init(resource: String, name: String, decoding reader: DefinitionReader) throws(CatalogError) {
        self.resource = resource
        self.name = name
        description = reader.text("description")
        documentationURL = reader.text("api_documentation_url", "documentation_url")
        httpMethod = (reader.text("method") ?? "get").uppercased()
        guard let path = try reader.template("path") else { throw reader.fault([], "'path' is missing") }
        self.path = path
        baseURL = try reader.template("base_url")
        headers = try reader.headers()
        query = try reader.tree("query")
        queryArrayFormat = reader.word("query_array_format")
        body = try reader.tree("body")
        bodyFormat = reader.word("body_format") ?? .json
        bodyOptions = BodyOptions(decoding: reader.child("body_format_config"))
        responsePath = reader.expression("response_path")
        answerFormat = reader.word("api_response_format") ?? .json
        if reader.raw("pagination")?.isNull == true {
            pagination = .some(nil)
        } else {
            pagination = try reader.child("pagination").map { (child) throws(CatalogError) in
                try Pagination(decoding: child)
            }
        }
        authorization = try reader.child("authorization").map { (child) throws(CatalogError) in
            try Authorization(decoding: child)
        }
        noAuth = reader.bool("no_auth") ?? false
        idempotent = reader.bool("idempotent", "retry_safe")
        maxFileSize = reader.raw("max_file_size").flatMap { $0.int ?? $0.string.flatMap(ByteSize.parse) }
        acceptedTypes = reader.texts("accepted_types").map { $0.lowercased() }
        successStatuses = reader.ints("success_statuses")
        notFoundStatuses = reader.ints("not_found_statuses") ?? [404]
        errorExpression = reader.expression("error_expression")
        addQueryToBody = reader.bool("add_query_to_body") ?? false
        ignoreBody = reader.bool("ignore_body", "set_body_to_null") ?? false
        scopes = reader.texts("scopes")
    }
}

extension BodyOptions {
    init(decoding reader: DefinitionReader?) {
        guard let reader else { return }
        arrayFormat = reader.word("array_format") ?? .brackets
        nestedAsJSON = reader.text("nested") == "json"
        xmlRoot = reader.text("root")
        rawMember = reader.text("member")
        contentType = reader.text("content_type")
    }
}

extension RateLimit {
    init(decoding reader: DefinitionReader) {
        isRateLimited = reader.expression("is_rate_limited")
        retryAfter = reader.expression("retry_after_header_expression")
        resetAt = reader.expression("rate_limit_header_expression")
        buckets = reader.items("limits").compactMap { item in
            guard let requests = item.int("requests") else { return nil }
            return Bucket(
                requests: requests, seconds: item.raw("seconds")?.double ?? 1, burst: item.int("burst") ?? requests
            )
        }
    }
}
