import HTTPTypes
import Hummingbird
import JSON

/// The `/_sandbox` routes, with which tests and users look into a sandbox and script it.
///
/// - `GET requests[?method=&path=]`: `{"requests": […]}`, oldest first; `DELETE requests` forgets them.
/// - `POST behaviour`: `{"match": {"method"?, "path"?}, "times"?, "do": {…}}`; the first rule that matches and has
///   times left is used. See `BehaviourAction` for what `do` may hold. `GET` lists the rules, `DELETE` drops them
///   and lets everything go on that stands still because of one.
/// - `GET state`: what the vendor has stored. `POST seed`: stores without the vendor's API.
/// - `POST settings`: the vendor's own switches, such as `auto_approve`.
/// - `POST clock`: `{"advance_ms": N}` moves the vendor's time on, for expiry and rate limits.
/// - `POST reset`: everything as at the start.
///
/// Requests to these routes are neither recorded nor touched by behaviours. A request that cannot be understood is
/// answered 400 with `{"error": text}`.
struct Controls: Sendable {
    let core: SandboxCore
    let vendor: Engine

    func addRoutes(to router: Router<SandboxContext>) {
        let group = router.group("_sandbox")
        group.get("requests") { request, context in requests(context.exchange.query) }
        group.delete("requests") { _, _ in
            core.journal.clear()
            return Response(status: .noContent)
        }
        group.get("behaviour") { _, _ in
            Response.json(["behaviours": .array(core.behaviours.rules.map(\.json))])
        }
        group.post("behaviour") { request, context in
            try await withBody(request, context) { body throws(BehaviourFault) in
                core.behaviours.add(try BehaviourRule(body)).json
            }
        }
        group.delete("behaviour") { _, _ in
            core.behaviours.clear()
            core.connections.releaseStalls()
            return Response(status: .noContent)
        }
        group.get("state") { _, _ in Response.json(vendor.state) }
        group.post("seed") { request, context in
            try await withBody(request, context) { body throws(BehaviourFault) in try vendor.seed(body) }
        }
        group.post("settings") { request, context in
            try await withBody(request, context) { body throws(BehaviourFault) in try vendor.configure(body) }
        }
        group.post("clock") { request, context in
            try await withBody(request, context) { body throws(BehaviourFault) in
                guard let ahead = body["advance_ms"]?.int, ahead >= 0 else {
                    throw BehaviourFault(message: "advance_ms is not a whole number of zero or more")
                }
                core.clock.advance(milliseconds: Int64(ahead))
                return ["now_ms": .integer(core.clock.now)]
            }
        }
        group.post("reset") { _, _ in
            vendor.reset()
            core.reset()
            return Response(status: .noContent)
        }
    }

    /// All requests, or those of `?method=` and `?path=` (as in a behaviour's match).
    private func requests(_ query: FormEncoding) -> Response {
        let filter = BehaviourRule(method: query["method"], path: query["path"], action: BehaviourAction())
        let found = core.journal.exchanges.filter { filter.matches(method: $0.head.method.rawValue, path: $0.path) }
        return .json(["requests": .array(found.map(\.json))])
    }

    private func withBody(
        _ request: Request, _ context: SandboxContext, _ work: (JSONValue) throws(BehaviourFault) -> JSONValue
    ) async throws -> Response {
        for try await _ in request.body {}
        let body: JSONValue
        do {
            body = try JSONValue.parse(context.exchange.text)
        } catch {
            return .json(["error": .string("the body is not JSON: \(error)")], status: .badRequest)
        }
        do {
            return .json(try work(body), status: .created)
        } catch {
            return .json(["error": .string(error.message)], status: .badRequest)
        }
    }
}
