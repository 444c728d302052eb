import HTTPTypes
import Unified

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

/// What the placeholders of a route stand for in a path.
struct PathParameters {
    /// As in `Route`.
    private let names: [String?]
    private let path: [String]

    init(names: [String?] = [], path: [String] = []) {
        self.names = names
        self.path = path
    }

    subscript(name: String) -> String? {
        // The last, should a pattern have the same placeholder twice.
        names.lastIndex(of: name).map { path[$0] }
    }
}

/// One row of the HTTP surface: dispatch, `/openapi.json` and the token matrix test are all made from these.
struct Route: Sendable {
    var method: HTTPRequest.Method
    /// Segments; `{name}` matches any one of them.
    let pattern: [String]
    var access: Access
    /// Its name in `/openapi.json`, in camel case; nil keeps it out.
    var operation: String?
    /// `pattern` as a path.
    let path: String
    /// The names of the placeholders, each where it stands in the pattern; nil for fixed segments.
    private let names: [String?]
    /// Also while the gateway goes down: whether the process lives.
    var isAlwaysServed = false
    var handle: @Sendable (Call, Caller) async throws -> Void

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access = .apiToken, _ operation: String? = nil,
        handle: @escaping @Sendable (Call, Caller) async throws -> Void
    ) {
        self.method = method
        pattern = path.split(separator: "/").map(String.init)
        names = pattern.map { Self.isPlaceholder($0) ? String($0.dropFirst().dropLast()) : nil }
        self.path = path
        self.access = access
        self.operation = operation
        self.handle = handle
    }

    private static func isPlaceholder(_ part: String) -> Bool { part.utf8.first == UInt8(ascii: "{") }

    func fits(_ path: [String]) -> Bool {
        guard path.count == pattern.count else { return false }
        for at in pattern.indices where names[at] == nil && pattern[at] != path[at] { return false }
        return true
    }

    /// The values of the placeholders in a path that fits.
    func parameters(of path: [String]) -> PathParameters { PathParameters(names: names, path: path) }
}

/// The routes in order of precedence: of two that match a path, the first wins.
struct RouteTable: Sendable {
    var routes: [Route]

    static func nothing(at path: [String]) -> APIError {
        APIError(.notFound, "There is nothing at /\(path.joined(separator: "/"))")
    }

    /// The route of a request and its placeholders.
    ///
    /// - Throws: `not_found` for an unknown path; `method_not_allowed`, with `Allow`, for a known one.
    func find(_ method: HTTPRequest.Method, _ path: [String]) throws(APIError) -> (Route, PathParameters) {
        var allowed: [String] = []
        // By their places: a route is too large to copy each that does not fit.
        for at in routes.indices where routes[at].fits(path) {
            if routes[at].method == method { return (routes[at], routes[at].parameters(of: path)) }
            allowed.append(routes[at].method.rawValue)
        }
        guard !allowed.isEmpty else { throw Self.nothing(at: path) }
        // HEAD goes wherever GET goes.
        if allowed.contains("GET") { allowed.append("HEAD") }
        var seen: Set<String> = []
        let allow = allowed.filter { seen.insert($0).inserted }.joined(separator: ", ")
        throw APIError(.methodNotAllowed, "\(method.rawValue) is not allowed here; use \(allow)").header("allow", allow)
    }
}
