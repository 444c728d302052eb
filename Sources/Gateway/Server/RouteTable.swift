import HTTPTypes
import Unified

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
