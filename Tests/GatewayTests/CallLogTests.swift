import Accounts
import JSON
import NIOCore
import NIOHTTP1
import StorageTestSupport
import Telemetry
import Testing

@testable import Gateway

/// `GET /log`: one row for each call, to the gateway and to the provider.
@Suite struct CallLogTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"

    private func form() -> Form {
        Form(Form.Part.field("candidate_id", TestGateway.opportunity), Form.resume)
    }

    /// The rows of the log once there are so many: a call's row is made after its response has left.
    private func rows(_ gateway: TestGateway, _ query: String = "", atLeast count: Int) async throws -> [JSONValue] {
        for _ in 0..<10_000 {
            try await gateway.accounts.callLog.flush()
            let rows = try await gateway.call(.GET, "/log?\(query)").json["result"]?.array ?? []
            if rows.count >= count { return rows }
            await Task.yield()
        }
        Issue.record("there are not \(count) rows")
        return []
    }

    @Test func `a create leaves a row of its own and one of the provider's call, and nothing secret`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let created = try await gateway.upload(
                form(), query: "remote_query[perform_as]=\(TestGateway.performAs)",
                headers: [("traceparent", "00-\(Self.trace)-b7ad6b7169203331-01")])
            #expect(created.status == 200, "\(created.json.text())")
            let id = try #require(created.headers.first(name: "x-request-id"))
            let rows = try await rows(gateway, "log_type_filter[request_id]=\(id)", atLeast: 2)
            let own = try #require(rows.first { $0["log_type"] == "unified_proxy_api" })
            let provider = try #require(rows.first { $0["log_type"] == "provider" })
            for row in [own, provider] {
                #expect(row["request_id"]?.string == id && row["trace_id"]?.string == Self.trace)
                #expect(row["http_method"] == "POST" && row["code"] == "ok")
                #expect(row["resource"] == "ats/attachments" && row["method"] == "create" && row["integration"] == "lever")
                #expect(row["integrated_account_id"]?.string == gateway.accountID)
                #expect(row["environment_id"]?.string == gateway.environmentID)
            }
            #expect(own["status"]?.int == 200 && provider["status"]?.int == 201)
            #expect(own["route"] == "/unified/{model}/{resource}" && own["provider_ms"]?.int != nil)
            #expect(own["bytes_in"]?.int == form().body.readableBytes)
            #expect(own["bytes_out"]?.int == created.body.readableBytes)
            #expect(provider["host"] == "127.0.0.1" && provider["route"] == .null)
            let text = JSONValue.array(rows).text()
            for secret in [TestGateway.apiKey, TestGateway.performAs, TestGateway.opportunity, gateway.token] {
                #expect(!text.contains(secret))
            }
        }
    }

    @Test func `a refusal is there with its status and code`() async throws {
        try await TestGateway.run { gateway in
            _ = try await gateway.call(.GET, "/unified/ats/attachments?integrated_account_id=x")
            let rows = try await rows(gateway, "status[gte]=400", atLeast: 1)
            #expect(rows.count == 1 && rows[0]["status"]?.int == 400 && rows[0]["code"] != "ok")
        }
    }

    /// A list for a candidate that the provider does not know, and what `GET /log/{id}` gives of it.
    private func failed(_ gateway: TestGateway, keeping days: Int, as bearer: String? = nil) async throws -> JSONValue {
        var bounds = CallLogService.Bounds()
        bounds.failureDays = days
        gateway.accounts.setLogBounds(bounds)
        let response = try await gateway.call(
            .GET, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=nobody")
        #expect(response.status == 404 && response.json["code"] == "remote_error", "\(response.json.text())")
        let id = try #require(response.headers.first(name: "x-request-id"))
        var found = JSONValue.null
        for _ in 0..<10_000 where found["exchange"]?.object == nil {
            try await gateway.accounts.callLog.flush()
            try await gateway.accounts.failedExchanges.flush()
            let response = try await gateway.call(.GET, "/log/\(id)", authorization: bearer ?? "Bearer \(gateway.token)")
            found = response.status == 200 ? response.json : .null
            // The row comes first: without one nothing is to come.
            if days == 0 || bearer != nil, found != .null { break }
            await Task.yield()
        }
        return found
    }

    @Test func `a call that a provider refuses keeps the exchange, without secrets and sealed`() async throws {
        try await TestGateway.run(on: StoreKind.tested) { gateway in
            let found = try await failed(gateway, keeping: 1)
            #expect(found["code"] == "remote_error")
            let exchange = try #require(found["exchange"])
            #expect(exchange["request"]?["method"] == "GET" && exchange["response"]?["status"] == 404)
            #expect(exchange["request"]?["url"]?.string?.contains("nobody") == true)
            #expect(exchange["request"]?["headers"]?.object?.contains { $0.value == "***" } == true)
            #expect(!exchange.text().contains(TestGateway.apiKey))
            let id = try #require(found["id"]?.string)
            let other = try await gateway.accounts.environments.create(name: "Other")
            #expect(try await gateway.accounts.failedExchanges.find(id, environment: other.id) == nil)
            gateway.accounts.setLogBounds(CallLogService.Bounds())
            // The gateway may have done so by itself.
            try await gateway.accounts.failedExchanges.purge()
            #expect(try await gateway.accounts.failedExchanges.find(id, environment: gateway.environmentID) == nil)
        }
    }

    @Test func `nothing is kept unless the operator says so, and nothing of it shown to a token with scopes`() async throws {
        try await TestGateway.run { gateway in
            #expect(try await failed(gateway, keeping: 0)["exchange"] == .null)
            let narrow = try await gateway.accounts.tokens.create(
                name: "narrow", environment: gateway.environmentID, scopes: ["ats:list"])
            #expect(try await failed(gateway, keeping: 1, as: "Bearer \(narrow.secret.exposed())")["exchange"] == .null)
        }
    }

    @Test func `another environment's call is not there`() async throws {
        try await TestGateway.run { gateway in
            let id = try #require(try await gateway.call(.GET, "/ping").headers.first(name: "x-request-id"))
            _ = try await rows(gateway, "route=/ping", atLeast: 1)
            #expect(try await gateway.call(.GET, "/log/\(id)").status == 200)
            let other = try await gateway.accounts.environments.create(name: "Other")
            let stranger = try await gateway.accounts.tokens.create(name: "other", environment: other.id)
            let theirs = try await gateway.call(.GET, "/log/\(id)", authorization: "Bearer \(stranger.secret.exposed())")
            #expect(theirs.status == 404)
        }
    }

    @Test func `it is read page by page, and of the token's environment alone`() async throws {
        try await TestGateway.run { gateway in
            for _ in 0..<5 { _ = try await gateway.call(.GET, "/ping") }
            let all = try await rows(gateway, "route=/ping", atLeast: 5)
            var (read, cursor): ([JSONValue], String?) = ([], nil)
            repeat {
                let page = try await gateway.call(
                    .GET, "/log?route=/ping&limit=2" + (cursor.map { "&next_cursor=\($0)" } ?? "")
                ).json
                read += page["result"]?.array ?? []
                cursor = page["next_cursor"]?.string
            } while cursor != nil
            #expect(read == all)
            let other = try await gateway.accounts.environments.create(name: "Other")
            let stranger = try await gateway.accounts.tokens.create(name: "other", environment: other.id)
            let theirs = try await gateway.call(
                .GET, "/log?route=/ping", authorization: "Bearer \(stranger.secret.exposed())")
            #expect(theirs.json["result"]?.array == [])
        }
    }

    @Test func `a page has at most 100 rows`() async throws {
        try await TestGateway.run { gateway in
            let page = try await gateway.call(.GET, "/log?limit=1000")
            #expect(page.json["limit"]?.int == 100)
        }
    }

    @Test(arguments: [
        "limit=0", "next_cursor=x", "colour=green", "log_type_filter=x", "log_type_filter[colour]=x", "created_at[gt]=x",
        "status=x", "status=200&log_type_filter[status]=200",
    ])
    func `what the list does not know is refused`(query: String) async throws {
        try await TestGateway.run { gateway in
            let refused = try await gateway.call(.GET, "/log?\(query)")
            #expect(refused.status == 400)
        }
    }

    @Test func `metrics name the call by integration, resource, method and outcome`() async throws {
        let registry = PrometheusRegistry()
        try await TestGateway.run(meters: Meters(registry)) { gateway in
            let created = try await gateway.upload(form())
            #expect(created.status == 200)
            _ = try await rows(gateway, atLeast: 2)
        }
        let text = registry.text()
        let labels = "integration=\"lever\",resource=\"ats/attachments\",method=\"create\",outcome=\"ok\""
        for line in [
            "attache_requests_total{\(labels)} 1", "attache_request_duration_seconds_count{\(labels)} 1",
            "attache_provider_requests_total{integration=\"lever\",code=\"ok\"} 1", "attache_requests_in_flight 0",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
    }

    @Test(arguments: [
        (Int?.some(200), "ok", EndedCall.Outcome.ok), (422, "missing_file", .refused), (404, "remote_error", .providerError),
        (502, "provider_unreachable", .providerError), (503, "overloaded", .gatewayError), (nil, "ok", .aborted),
        (200, "aborted", .aborted), (500, "outcome_unknown", .providerError), (304, "ok", .ok),
    ])
    func `an end is put down to one of five`(status: Int?, code: String, outcome: EndedCall.Outcome) {
        #expect(EndedCall.outcome(status: status, code: code) == outcome)
    }
}
