import HTTPTypes

/// Who may call a route.
enum Access: Sendable, Hashable {
    /// Anyone: nothing about a customer is behind it.
    case anyone
    /// The bearer of an environment's API token.
    case apiToken
    /// The bearer of an API token or, for its own account alone, of an integrated-account token.
    case apiOrAccountToken
    /// The bearer of an integrated-account token.
    case accountToken
}

/// One row of the HTTP surface: dispatch, `/openapi.json` and the token matrix test are all made from these.
struct Route: Sendable {
    var method: HTTPRequest.Method
    /// Segments; `{name}` matches any one of them.
    var pattern: [String]
    var access: Access
    /// Its name in `/openapi.json`, in camel case; nil keeps it out.
    var operation: String?
    /// `pattern` as a path.
    let path: String
    /// Also while the gateway goes down: whether the process lives.
    var isAlwaysServed = false
    var handle: @Sendable (Call, Caller) async throws -> Void

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access = .apiToken, _ operation: String? = nil,
        handle: @escaping @Sendable (Call, Caller) async throws -> Void
    ) {
        self.method = method
        self.pattern = path.split(separator: "/").map(String.init)
        self.path = path
        self.access = access
        self.operation = operation
        self.handle = handle
    }

    private static func isPlaceholder(_ part: String) -> Bool { part.utf8.first == UInt8(ascii: "{") }

    func fits(_ path: [String]) -> Bool {
        path.count == pattern.count && zip(pattern, path).allSatisfy { Self.isPlaceholder($0) || $0 == $1 }
    }

    /// The values of the placeholders in a path that fits.
    func parameters(of path: [String]) -> [String: String] {
        var parameters: [String: String] = [:]
        for (part, segment) in zip(pattern, path) where Self.isPlaceholder(part) {
            parameters[String(part.dropFirst().dropLast())] = segment
        }
        return parameters
    }
}
