import HTTPTypes

/// Which pages of other origins may read responses (the Fetch standard's CORS protocol). None unless set: an API token
/// does not belong into a page.
struct CrossOrigin: Sendable {
    private let origins: Set<String>

    /// - Parameter origins: such as `https://app.example.com`; `*` is any.
    init(_ origins: [String]) {
        self.origins = Set(origins.map { $0.lowercased() })
    }

    /// What a response to a page of `origin` carries; empty where the page may not read it.
    func fields(for origin: String?) -> HTTPFields {
        guard !origins.isEmpty, let origin else { return HTTPFields() }
        // Caches must not give one origin what another was answered.
        guard origins.contains("*") || origins.contains(origin.lowercased()) else { return [.varies: "origin"] }
        return [.allowedOrigin: origin, .exposedFields: Self.exposed, .varies: "origin"]
    }

    /// The response to a browser that asks before it makes a call; nil for any other request.
    func preflight(_ head: HTTPRequest) -> Reply? {
        guard !origins.isEmpty, head.method == .options, head.headerFields[.origin] != nil,
            head.headerFields[.requestMethod] != nil
        else { return nil }
        var reply = Reply(status: .noContent)
        reply.headers[.accessControlAllowMethods] = "GET, HEAD, POST, PATCH, DELETE"
        if let wanted = head.headerFields[.requestHeaders] { reply.headers[.accessControlAllowHeaders] = wanted }
        reply.headers[.accessControlMaxAge] = "600"
        return reply
    }

    private static let exposed =
        "x-request-id, retry-after, ratelimit, ratelimit-limit, ratelimit-remaining, ratelimit-reset, idempotency-replayed, content-disposition, repr-digest, file-digest"
}

extension HTTPField.Name {
    // In the letters that are sent.
    fileprivate static let allowedOrigin = Self("access-control-allow-origin")!
    fileprivate static let exposedFields = Self("access-control-expose-headers")!
    fileprivate static let varies = Self("vary")!

    fileprivate static let requestMethod = Self("access-control-request-method")!
    fileprivate static let requestHeaders = Self("access-control-request-headers")!
}
