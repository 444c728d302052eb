import Accounts
import HTTPTypes
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Gateway

/// Every route with every kind of token, made from the route table: a route that is added is held to this at once.
@Suite struct TokenMatrixTests {
    /// What a call may be answered with; nil where it is let through, to whatever its route says.
    private func expected(_ call: MatrixCall, _ bearer: Bearer) -> Set<Int>? {
        let route = call.route
        if route.access == .anyone { return nil }
        guard bearer.isLive else { return [401] }
        if route.access == .apiToken {
            switch bearer {
            case .stranger: return call.namesOwnedThing ? [404] : nil
            case .narrow: return route.method == .get ? nil : [403]
            default: return [401, 403]
            }
        }
        if route.access == .apiOrAccountToken {
            switch bearer {
            case .stranger: return [404]
            case .narrow: return [403]
            default: return nil
            }
        }
        // The body of a change names a member that such a token may not change.
        return bearer == .account && route.method == .get ? nil : [403]
    }

    @Test func `no token gets further than the documents say, and what is not its own stays as it is`() async throws {
        try await TestGateway.run { gateway in
            try await furnish(gateway)
            let bearers = try await Bearer.all(in: gateway)
            let document = try await gateway.call(.GET, "/openapi.json").json
            let before = try await snapshot(gateway)
            #expect(before.count > 5 && gateway.routes.count > 30)
            for route in gateway.routes {
                let call = try await MatrixCall(route, in: gateway)
                for bearer in Bearer.allCases {
                    let response = try await call.make(gateway, authorization: try #require(bearers[bearer]))
                    check(call, bearer.rawValue, response, expected(call, bearer), document)
                }
            }
            #expect(try await snapshot(gateway) == before)
        }
    }

    /// The counterpart, without which a gateway that refuses everybody would pass.
    @Test func `the environment's own token is let through everywhere`() async throws {
        try await TestGateway.run { gateway in
            try await furnish(gateway)
            let document = try await gateway.call(.GET, "/openapi.json").json
            let order = ["GET": 0, "POST": 1, "PATCH": 2, "DELETE": 3]
            let routes = gateway.routes.filter { [.anyone, .apiToken, .apiOrAccountToken].contains($0.access) }
            for route in routes.sorted(by: { order[$0.method.rawValue]! < order[$1.method.rawValue]! }) {
                let call = try await MatrixCall(route, in: gateway)
                let response = try await call.make(gateway, authorization: "Bearer \(gateway.token)")
                check(call, "own", response, nil, document)
            }
        }
    }

    private func check(
        _ call: MatrixCall, _ bearer: String, _ response: Answer, _ expected: Set<Int>?, _ document: JSONValue
    ) {
        let what = "\(call.name) with \(bearer): \(response.status) \(response.json.text())"
        if let expected {
            #expect(expected.contains(response.status), "\(what)")
        } else {
            // Open routes ask for no token, but a page's form is refused to whoever did not come from the page.
            let refusals = call.route.access == .anyone ? [401, 500] : [401, 403, 500]
            #expect(!refusals.contains(response.status), "\(what)")
        }
        // Of 401, 403 and 404 alike nothing is told that the caller does not know.
        if response.status == 401 { #expect(response.json["message"] == "A valid token is required", "\(what)") }
        guard let documented = call.documented(in: document) else { return }
        #expect(documented.contains(String(response.status)) || documented.contains("default"), "\(what)")
    }

    /// Something in every collection that starts empty.
    private func furnish(_ gateway: TestGateway) async throws {
        for (path, body) in [
            ("/webhook", #"{"target_url":"https://hooks.example.com/in","is_active":false}"#),
            ("/environment-unified-model", #"{"unified_model_id":"ats"}"#),
        ] {
            let made = try await gateway.call(
                .POST, path, headers: [("content-type", "application/json")], body: ByteBuffer(string: body))
            #expect(made.status == 200, "\(made.json.text())")
        }
    }

    /// Every list of the gateway as its own token sees it.
    private func snapshot(_ gateway: TestGateway) async throws -> [String: String] {
        var lists: [String: String] = [:]
        for route in gateway.routes where route.method == .get && route.access == .apiToken && route.pattern.count == 1 {
            // The log grows by every call, this one included.
            if route.path == "/log" { continue }
            lists[route.path] = try await gateway.call(.GET, route.path).json["result"]?.text()
        }
        return lists
    }
}
