import Encodings
import JSON

extension IntegrationResource {
    init(name: String, decoding reader: DefinitionReader) throws(CatalogError) {
        var methods: [String: IntegrationMethod] = [:]
        for (method, inner) in reader.children where inner.value.object != nil {
            methods[method] = try IntegrationMethod(resource: name, name: method, decoding: inner)
        }
        self.init(description: reader.text("description"), methods: methods)
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
        buckets = []
        concurrency = []
        for item in reader.items("limits") {
            let scope = Scope(calls: item.texts("calls"), authenticationMethods: item.texts("authentication_methods"))
            let (seconds, burst) = (item.raw("seconds")?.double ?? 1, item.int("burst"))
            if let requests = item.int("requests") {
                buckets.append(Bucket(requests: requests, seconds: seconds, burst: burst ?? requests, scope: scope))
            }
            if let limit = item.int("concurrent") { concurrency.append(Concurrency(limit: limit, scope: scope)) }
        }
    }
}
