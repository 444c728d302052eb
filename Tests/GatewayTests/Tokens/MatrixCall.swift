import HTTPTypes
import JSON
import NIOCore
import NIOHTTP1

@testable import Gateway

/// One route as a call that would do something if it were let through: with the ids of real things of the gateway.
struct MatrixCall {
    let route: Route
    private let path: String
    private let id: String

    /// What a list of the first segment holds is what an `{id}` behind it means.
    init(_ route: Route, in gateway: TestGateway) async throws {
        self.route = route
        let collection = "/\(route.pattern.first ?? "")"
        var id = gateway.accountID
        if gateway.routes.contains(where: { $0.method == .get && $0.path == collection && $0.access == .apiToken }) {
            id = try await gateway.call(.GET, collection).json["result"]?.array?.first?["id"]?.string ?? id
        }
        self.id = id
        path =
            "/"
            + route.pattern.map { part in
                switch part {
                case "{model}": "ats"
                case "{resource}": "attachments"
                case _ where part.hasPrefix("{"): id
                default: part
                }
            }.joined(separator: "/")
    }

    var isUnified: Bool { route.pattern.first == "unified" }
    /// Whether the path names a thing that belongs to one environment; the catalog belongs to all.
    var namesOwnedThing: Bool {
        route.pattern.contains { $0.hasPrefix("{") } && !["integration", "unified-model"].contains(route.pattern[0])
    }
    var name: String { "\(route.method.rawValue) \(route.path)" }

    func make(_ gateway: TestGateway, authorization: String?) async throws -> Answer {
        // With the members that routes ask for before they look for the account.
        let body: JSONValue = [
            "id": .string(id), "integrated_account_id": .string(id), "ids": [.string(id)], "context": ["size": 1],
        ]
        let takesBody = route.method == .post || route.method == .patch
        return try await gateway.call(
            HTTPMethod(rawValue: route.method.rawValue),
            path + (isUnified ? "?integrated_account_id=\(gateway.accountID)" : ""),
            headers: takesBody ? [("content-type", "application/json")] : [],
            body: takesBody ? ByteBuffer(bytes: body.bytes()) : nil, authorization: authorization)
    }

    /// The statuses that `/openapi.json` gives for the call; nil where it does not have the route.
    func documented(in document: JSONValue) -> Set<String>? {
        let path = route.path.replacing("{model}", with: "ats").replacing("{resource}", with: "attachments")
        let responses = document[path: ["paths", path, route.method.rawValue.lowercased(), "responses"]]
        return (responses?.object?.keys).map(Set.init)
    }
}
