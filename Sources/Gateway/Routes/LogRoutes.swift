import Accounts
import HTTPTypes
import JSON
import Storage
import Unified

/// `/log`: the calls of the token's environment, the newest first, and one of them with what it has kept.
struct LogRoutes: Sendable {
    let services: Services

    var routes: [Route] {
        [
            Route(.get, "/log", .apiToken, "listCalls") { try await list($0, $1) },
            Route(.get, "/log/{id}", .apiToken, "getCall") { try await get($0, $1) },
        ]
    }

    /// With the exchange that a failed call has kept, where it has. A token with scopes does not see it: it may hold what
    /// calls that the token may not make have sent.
    private func get(_ call: Call, _ caller: Caller) async throws {
        let environment = try caller.environment()
        guard let found = try await services.accounts.callLog.call(call.pathID, environment: environment) else {
            throw AccountsError.notFound("Call")
        }
        var json = found.json
        var exchange: JSONObject?
        if case .token(let token) = caller, token.scopes.isEmpty {
            exchange = try await services.accounts.failedExchanges.find(found.id, environment: environment)
        }
        json["exchange"] = exchange.map(JSONValue.object) ?? .null
        try await call.responseWriter.send(.json(.object(json)))
    }

    private func list(_ call: Call, _ caller: Caller) async throws {
        let query = try ListQuery<CallField>(try Self.flattened(try call.query()))
        let page = try await services.accounts.callLog.latest(
            query.filters, environment: try caller.environment(), cursor: query.cursor, limit: query.limit)
        let items = page.result.map { JSONValue.object($0.json) }
        try await call.responseWriter.send(.json(.list(items, page.nextCursor, page.limit)))
    }

    /// `log_type_filter[status]=422` compares a field like `status=422` does.
    private static func flattened(_ query: JSONObject) throws(AccountsError) -> JSONObject {
        guard let filter = query["log_type_filter"] else { return query }
        guard let fields = filter.object else {
            throw .invalid("log_type_filter", "log_type_filter is an object, such as log_type_filter[status]=422")
        }
        var query = query
        query["log_type_filter"] = nil
        for (name, value) in fields {
            guard query[name] == nil else { throw .invalid(name, "\(name) is given twice") }
            query[name] = value
        }
        return query
    }
}
