import Accounts
import HTTPTypes
import JSON
import Storage
import Unified
import Upstream

/// `/webhook`: where an environment wants to be told of events, and `/webhook-delivery`: what became of them.
struct WebhookRoutes: Sendable {
    let services: Services

    private var webhooks: WebhookService { services.accounts.webhooks }
    private var egress: EgressPolicy { services.unified.upstream.egress }

    var routes: [Route] {
        let collection = "/webhook"
        let item = collection + "/{id}"
        return [
            Route(.get, collection, .apiToken, "listWebhooks") { call, caller in
                let query = try ListQuery<WebhookField>(try call.query())
                let page = try await webhooks.list(query, environment: try caller.environment())
                let items = page.result.map { JSONValue.object($0.json()) }
                try await call.responseWriter.send(.json(.list(items, page.nextCursor, page.limit)))
            },
            Route(.post, collection, .apiToken, "createWebhook") { call, caller in
                let patch = try await patch(call)
                let made = try await webhooks.create(patch, environment: try caller.environment(), allowsHTTP: true)
                try await call.responseWriter.send(.json(.object(made.webhook.json(secret: made.secret))))
            },
            Route(.post, collection + "/test", .apiToken, "testWebhook") { call, caller in
                guard let id = try await call.jsonBody()["id"]?.string, !id.isEmpty else {
                    throw APIError(.missingBodyFields, "id is required", param: "id")
                }
                try await webhooks.test(id, environment: try caller.environment())
                try await call.responseWriter.send(.json(["success": true]))
            },
            Route(.get, item, .apiToken, "getWebhook") { call, caller in
                let found = try await webhooks.get(call.pathID, environment: try caller.environment())
                try await call.responseWriter.send(.json(.object(found.json())))
            },
            Route(.patch, item, .apiToken, "updateWebhook") { call, caller in
                let patch = try await patch(call)
                let found = try await webhooks.update(
                    call.pathID, environment: try caller.environment(), patch, allowsHTTP: true)
                try await call.responseWriter.send(.json(.object(found.json())))
            },
            Route(.delete, item, .apiToken, "deleteWebhook") { call, caller in
                try await webhooks.delete(call.pathID, environment: try caller.environment())
                try await call.responseWriter.send(.json(["id": .string(call.pathID)]))
            },
            Route(.get, "/webhook-delivery", .apiToken, "listWebhookDeliveries") { call, caller in
                let query = try ListQuery<DeliveryField>(try call.query())
                let page = try await webhooks.deliveries(query, environment: try caller.environment())
                let items = page.result.map { JSONValue.object($0.json) }
                try await call.responseWriter.send(.json(.list(items, page.nextCursor, page.limit)))
            },
        ]
    }

    /// What the caller sets. An address that the egress policy would refuse is refused now, where that can be known.
    private func patch(_ call: Call) async throws -> WebhookPatch {
        let patch = try WebhookPatch(json: try await call.jsonBody())
        guard let text = patch.targetURL else { return patch }
        let url: TargetURL
        do { url = try TargetURL(text) } catch {
            throw APIError(.invalidBody, "target_url must be an https address", param: "target_url")
        }
        if let refusal = egress.refusalAtSight(of: url) {
            throw APIError(
                .egressRefused, "target_url is refused: \(refusal)", param: "target_url",
                hint: "Give a public https address; for a local receiver start the gateway with --egress-allow HOST:PORT")
        }
        return patch
    }
}
