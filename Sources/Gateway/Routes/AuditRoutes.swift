import Accounts
import HTTPTypes
import JSON
import Unified

/// `/audit`: what was done to the things of the token's environment, and by whom.
struct AuditRoutes: Sendable {
    let services: Services

    var routes: [Route] {
        [Route(.get, "/audit", .apiToken, "listAuditEntries") { try await list($0, $1) }]
    }

    private func list(_ call: Call, _ caller: Caller) async throws {
        let query = try call.query()
        for name in query.keys where !["limit", "next_cursor"].contains(name) {
            throw AccountsError.invalid(name, "this list has no parameter \(name)")
        }
        var limit = 100
        if let text = query["limit"] {
            guard let number = text.string.flatMap({ Int($0) }), number > 0 else {
                throw AccountsError.invalid("limit", "limit must be a whole number from 1")
            }
            limit = number
        }
        let page = try await services.accounts.audit.latest(
            environment: try caller.environment(), cursor: query["next_cursor"]?.string, limit: limit)
        let items = page.result.map { JSONValue.object($0.json) }
        try await call.responseWriter.send(.json(.list(items, page.nextCursor, page.limit)))
    }
}
