import Accounts
import HTTPTypes
import JSON
import Storage

/// `/ping`, `/environment`, `/api-token`.
struct PlatformRoutes: Sendable {
    let services: Services

    var routes: [Route] {
        [
            Route(.get, "/ping", .apiToken, "ping") { call, _ in
                try await call.responseWriter.send(.json(["status": "ok", "message": "pong"]))
            },
            Route(.get, "/environment", .apiToken, "listEnvironments") { call, caller in
                let own = try await services.accounts.environments.get(try caller.environment())
                try await call.responseWriter.send(.json(.list([.object(own.json)], nil, 5000)))
            },
            Route(.get, "/environment/{id}", .apiToken, "getEnvironment") { call, caller in
                // A token sees its own environment; others do not exist for it.
                guard call.pathID == (try caller.environment()) else { throw AccountsError.notFound("environment") }
                let own = try await services.accounts.environments.get(call.pathID)
                try await call.responseWriter.send(.json(.object(own.json)))
            },
            Route(.get, "/api-token", .apiToken, "listAPITokens") { call, caller in
                let query = try ListQuery<TokenField>(try call.query())
                let page = try await services.accounts.tokens.list(query, environment: try caller.environment())
                let items = page.result.map { JSONValue.object($0.json) }
                try await call.responseWriter.send(.json(.list(items, page.nextCursor, page.limit)))
            },
            Route(.get, "/api-token/{id}", .apiToken, "getAPIToken") { call, caller in
                let token = try await services.accounts.tokens.get(call.pathID, environment: try caller.environment())
                try await call.responseWriter.send(.json(.object(token.json)))
            },
        ]
    }
}
