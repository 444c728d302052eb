import JSON
import NIOCore
import NIOHTTP1
import Testing
import TestSupport

@testable import Gateway

/// What every response has, and what none may have (docs/wire.md#budgets-and-shares).
@Suite struct ResponseTests {
    /// The responses to requests on one connection.
    private func exchange(_ gateway: TestGateway, _ requests: String...) async throws -> String {
        let client = try await RawClient(gateway)
        for request in requests { try await client.send(request) }
        try await client.closeOutput()
        let text = try await client.readAll()
        try await client.close()
        return text
    }

    private func request(_ gateway: TestGateway, _ method: String, _ path: String) -> String {
        "\(method) \(path) HTTP/1.1\r\nhost: a\r\nauthorization: Bearer \(gateway.token)\r\n\r\n"
    }

    @Test func `HEAD is GET without the body`() async throws {
        try await TestGateway.run { gateway in
            for path in [
                "/", "/docs", "/docs/quick-start", "/openapi.json", "/health", "/health/live", "/ping", "/integration", "/nowhere",
                "/connect?link_token=x",
            ] {
                let head = try await exchange(gateway, request(gateway, "HEAD", path), request(gateway, "GET", "/health/live"))
                let get = try await exchange(gateway, request(gateway, "GET", path))
                let parts = head.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).dropFirst()
                #expect(parts.count == 2, "\(path): \(head)")
                #expect(parts.first?.hasSuffix("\r\n\r\n") == true, "\(path): no byte follows the head")
                let line = get.prefix { $0 != "\r\n" }
                #expect(head.hasPrefix(line), "\(path)")
                func length(_ text: String) -> Substring? { text.firstMatch(of: /(?i)content-length: (\d+)/)?.output.1 }
                #expect(length(head) != nil && length(head) != "0", "\(path)")
                if !get.contains("request_id") { #expect(length(head) == length(get), "\(path)") }
            }
        }
    }

    @Test func `HEAD of what streams has no body either`() async throws {
        let script = RawServer.Script(.request, .send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
        try await RawServer.run(script) { provider in
            try await TestGateway.run(provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                let path =
                    "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)&truto_response_format=stream"
                let text = try await exchange(gateway, request(gateway, "HEAD", path), request(gateway, "GET", "/health/live"))
                let parts = text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).dropFirst()
                #expect(parts.count == 2 && parts.first?.hasSuffix("\r\n\r\n") == true, "\(text)")
                #expect(parts.first?.hasPrefix("200") == true)
            }
        }
    }

    @Test(arguments: [204, 304]) func `a provider's status without a body has none here`(status: Int) async throws {
        try await RawServer.run(.init(.request, .send("HTTP/1.1 \(status) X\r\ncontent-length: 5\r\n\r\n"))) { provider in
            try await TestGateway.run(provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                for format in ["raw", "stream"] {
                    let path =
                        "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)&truto_response_format=\(format)"
                    let text = try await exchange(gateway, request(gateway, "GET", path), request(gateway, "GET", "/health/live"))
                    let parts = text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).dropFirst()
                    #expect(parts.count == 2 && parts.first?.hasPrefix("\(status)") == true, "\(text)")
                    #expect(
                        parts.first?.hasSuffix("\r\n\r\n") == true && parts.first?.lowercased().contains("content-length") == false,
                        "\(text)")
                }
            }
        }
    }

    @Test(arguments: ["000", "099", "600", "999"]) func `a status that is none is a bad response`(status: String) async throws {
        try await RawServer.run(.response("\(status) Odd", body: "{}")) { provider in
            try await TestGateway.run(provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                for format in ["unified", "raw", "stream"] {
                    let response = try await gateway.call(
                        .GET,
                        "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)&truto_response_format=\(format)"
                    )
                    #expect(
                        response.status == 502 && response.json["code"] == "bad_provider_response", "\(format): \(response.json.text())")
                }
            }
        }
    }

    @Test func `bytes of a provider cannot act as a page of the gateway, and no response is kept`() async throws {
        try await RawServer.run(.response("200 OK", "content-type: text/html\r\n", body: "<script>1</script>")) { provider in
            try await TestGateway.run(provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                for format in ["raw", "stream"] {
                    let response = try await gateway.call(
                        .GET,
                        "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)&truto_response_format=\(format)"
                    )
                    #expect(response.headers.first(name: "content-security-policy") == "sandbox")
                    #expect(response.headers.first(name: "x-content-type-options") == "nosniff")
                    #expect(response.headers.first(name: "cache-control") == "no-store")
                }
                for path in ["/ping", "/integration", "/nowhere", "/health"] {
                    let response = try await gateway.call(.GET, path)
                    #expect(response.headers.first(name: "cache-control") == "no-store", "\(path)")
                    #expect(response.headers.first(name: "x-content-type-options") == "nosniff", "\(path)")
                    #expect(response.headers.first(name: "x-request-id") != nil, "\(path)")
                }
            }
        }
    }

    @Test func `a client of HTTP 1.0 gets a stream that ends with the connection`() async throws {
        let script = RawServer.Script(.request, .send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
        try await RawServer.run(script) { provider in
            try await TestGateway.run(provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                let path =
                    "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)&truto_response_format=stream"
                let text = try await exchange(
                    gateway, "GET \(path) HTTP/1.0\r\nconnection: keep-alive\r\nauthorization: Bearer \(gateway.token)\r\n\r\n")
                #expect(text.hasSuffix("\r\n\r\nhello") && !text.lowercased().contains("transfer-encoding"), "\(text)")
            }
        }
    }

    @Test func `no page of another origin may read responses unless it is allowed to`() async throws {
        let preflight = [
            ("origin", "https://app.example"), ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization, content-type"),
        ]
        try await TestGateway.run { gateway in
            #expect(try await gateway.call(.OPTIONS, "/ping", headers: preflight).status == 405)
            let response = try await gateway.call(.GET, "/ping", headers: [("origin", "https://app.example")])
            #expect(response.headers.first(name: "access-control-allow-origin") == nil)
        }
        var configuration = GatewayConfiguration()
        configuration.allowedOrigins = ["https://app.example"]
        try await TestGateway.run(configuration: configuration) { gateway in
            let asked = try await gateway.call(.OPTIONS, "/unified/ats/attachments", headers: preflight, authorization: nil)
            #expect(asked.status == 204)
            #expect(asked.headers.first(name: "access-control-allow-origin") == "https://app.example")
            #expect(asked.headers.first(name: "access-control-allow-headers") == "authorization, content-type")
            let made = try await gateway.call(.GET, "/ping", headers: [("origin", "https://app.example")])
            #expect(made.headers.first(name: "access-control-allow-origin") == "https://app.example")
            #expect(made.headers.first(name: "vary") == "origin")
            #expect(made.headers.first(name: "access-control-allow-credentials") == nil)
            let refused = try await gateway.call(.GET, "/ping", headers: [("origin", "https://evil.example")])
            #expect(refused.headers.first(name: "access-control-allow-origin") == nil)
        }
    }
}
