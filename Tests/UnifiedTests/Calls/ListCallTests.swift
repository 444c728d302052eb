import HTTPTypes
import JSON
import Testing

@testable import Unified
@testable import Upstream

/// A list, from its parameters to the envelope.
struct `A list` {
    private static let vendor = TestVendor(
        head: """
            pagination: {format: cursor, config: {cursor_path: next, cursor_param: after, limit_param: n, max_limit: 50}}
            """,
        calls: """
              things:
                list: {path: /things, response_path: data}
            """,
        mapping: """
              things:
                list:
                  query_mapping: '{"owner": query.owner_id}'
                  gateway_filters: [name]
                  is_partial_expression: $exists(data[title = "cut"])
                  response_header_mapping: '{"X-Total": $string($lookup(headers, "x-count")), "Set-Cookie": "no"}'
                  response_mapping: 'response.id = 0 ? null : {"id": response.id, "name": response.title, "size": response.size}'
            """)

    private static let one = #"{"data":[{"id":1,"title":"Ada","size":"7"},{"id":"2","title":"Bo"}],"next":"c2"}"#

    private static func run(
        _ responses: [MemoryProvider.Response] = [.json(one)], _ body: (TestService) async throws -> Void
    ) async throws {
        try await TestService.run(vendor) { _, before in
            responses[min(before.count, responses.count - 1)]
        } _: {
            try await body($0)
        }
    }

    // MARK: The envelope

    @Test func `has its records, the provider's own in them, and the way to the next page`() async throws {
        try await Self.run { service in
            let reply = try await service.reply("list")
            let first = reply.json["result"]?.array?.first
            #expect(first?["id"] == "1" && first?["size"] == 7, "numbers and texts are as the schema says")
            #expect(first?["remote_data"]?.text() == #"{"id":1,"title":"Ada","size":"7"}"#)
            #expect(reply.json["result_count"] == 2 && reply.json["prev_cursor"]?.isNull == true)
            let cursor = try #require(reply.json["next_cursor"]?.string)
            #expect(reply.json["filtered_by_gateway"] == nil && reply.json["is_partial_response"] == nil)
            _ = try await service.reply("list", query: "next_cursor=\(cursor)&limit=9")
            #expect(service.provider.lines == ["GET /things", "GET /things?n=9&after=c2"])
            #expect(service.provider.received[0]["authorization"] == "Bearer \(TestService.secret)")
        }
    }

    @Test func `that is empty has no next page`() async throws {
        try await Self.run([.json(#"{"data":[]}"#)]) { service in
            let reply = try await service.reply("list")
            #expect(reply.text == #"{"result":[],"next_cursor":null,"prev_cursor":null,"result_count":0}"#)
        }
    }

    @Test func `that the provider cut short says so`() async throws {
        try await Self.run([.json(#"{"data":[{"id":1,"title":"cut"}]}"#)]) { service in
            let reply = try await service.reply("list")
            #expect(reply.json["is_partial_response"] == true)
        }
    }

    // MARK: The shape of its records

    @Test(
        arguments: [
            ("truto_ignore_remote_data=true", #"{"id":"1","name":"Ada","size":7}"#),
            ("truto_ignore_remote_data=true&truto_exclude_fields=size, id", #"{"name":"Ada"}"#),
            ("truto_exclude_fields=remote_data,name", #"{"id":"1","size":7}"#),
            ("truto_ignore_remote_data=1&truto_exclude_fields=nothing", #"{"id":"1","name":"Ada","size":7}"#),
            ("truto_response_format=normalized", #"{"id":"1","name":"Ada","size":7,"owner":null}"#),
            ("truto_response_format=normalized&truto_exclude_fields=owner,size", #"{"id":"1","name":"Ada"}"#),
        ])
    func `has the records that the caller asks for`(query: String, record: String) async throws {
        try await Self.run { service in
            let reply = try await service.reply("list", query: query)
            #expect(reply.json["result"]?.array?.first?.text() == record)
        }
    }

    @Test(
        arguments: [
            ("truto_key_by=id", ["1", "2"]), ("truto_key_by=name", ["Ada", "Bo"]), ("truto_key_by=size", ["7"]),
            ("truto_key_by=nothing", []), ("truto_key_by=remote_data", []), ("truto_key_by=id&truto_exclude_fields=id", []),
        ] as [(String, [String])])
    func `is keyed by a field that its records show`(query: String, keys: [String]) async throws {
        try await Self.run { service in
            let reply = try await service.reply("list", query: query)
            #expect(reply.json["result"]?.object?.keys == keys)
            #expect(reply.json["result_count"] == 2, "records of the page, keyed or not")
        }
    }

    @Test func `keeps the last of equal keys at the place of the first`() async throws {
        let body = #"{"data":[{"id":1,"title":"a"},{"id":2,"title":"b"},{"id":1,"title":"c"}]}"#
        try await Self.run([.json(body)]) { service in
            let reply = try await service.reply("list", query: "truto_key_by=id&truto_ignore_remote_data=true")
            #expect(reply.json["result"]?.text() == #"{"1":{"id":"1","name":"c"},"2":{"id":"2","name":"b"}}"#)
        }
    }

    @Test func `leaves out records that the mapping drops`() async throws {
        try await Self.run([.json(#"{"data":[{"id":0},{"id":3}]}"#)]) { service in
            let reply = try await service.reply("list", query: "truto_ignore_remote_data=1")
            #expect(reply.json["result"]?.text() == #"[{"id":"3"}]"# && reply.json["result_count"] == 1)
        }
    }

    // MARK: Debug

    @Test func `in debug shows the provider's call without its credentials`() async throws {
        let said = #"{"data":[],"echo":"\#(TestService.secret)"}"#
        try await Self.run([.json(said, headers: [("set-cookie", "a=b"), ("x-key", TestService.secret), ("x-other", "1")])]) { service in
            let reply = try await service.reply("list", query: "truto_response_format=debug&owner_id=5")
            #expect(reply.json["result"]?["result_count"] == 0)
            let debug = try #require(reply.json["debug"])
            #expect(debug["requestUrl"] == "https://api.vendor.test/things?owner=5")
            #expect(debug["requestOptions"]?["method"] == "GET")
            #expect(debug["requestOptions"]?["headers"]?["Authorization"] == "***")
            #expect(debug["data"]?["echo"] == "***")
            #expect(debug["responseHeaders"]?["set-cookie"] == "***" && debug["responseHeaders"]?["x-key"] == "***")
            #expect(debug["responseHeaders"]?["x-other"] == "1")
            #expect(!reply.text.contains("canary"))
        }
    }

    // MARK: Headers

    @Test func `hands on the provider's limits in one spelling, and the headers of its mapping`() async throws {
        let headers = [("X-Count", "12"), ("X-RateLimit-Remaining", "3"), ("Server", "s")]
        try await Self.run([.json(#"{"data":[]}"#, headers: headers)]) { service in
            let reply = try await service.reply("list")
            #expect(reply.headers.map { "\($0.name.canonicalName): \($0.value)" } == ["ratelimit-remaining: 3", "x-total: 12"])
        }
    }

    // MARK: Parameters

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=-1", "limit"), ("limit=x", "limit"), ("limit=1.5", "limit"), ("limit[]=1", "limit"),
        ("limit=99999999999999999999", "limit"), ("next_cursor=x", "next_cursor"),
    ]) func `refuses a parameter that it cannot read`(query: String, param: String) async throws {
        try await Self.run { service in
            let error = try await service.error("list", query: query)
            #expect(error?.code == .invalidQueryParameter && error?.param == param)
            #expect(service.provider.lines.isEmpty, "nothing was sent")
        }
    }

    @Test(arguments: [
        ("limit=7", "GET /things?n=7"), ("limit=500", "GET /things?n=50"), ("limit=", "GET /things"),
        ("limit=7&truto_ignore_limit=true", "GET /things"), ("remote_query[a][b]=1&remote_query[n]=2", "GET /things?a[b]=1&n=2"),
        ("owner_id=a%20%26b", "GET /things?owner=a%20%26b"), ("owner_id=1&remote_query[owner]=2", "GET /things?owner=2"),
    ]) func `asks in the provider's terms`(query: String, line: String) async throws {
        try await Self.run { service in
            _ = try await service.reply("list", query: query)
            let sent = service.provider.lines.map { $0.replacing("%5B", with: "[").replacing("%5D", with: "]") }
            #expect(sent == [line])
        }
    }

    @Test func `refuses a filter that nobody carries out, and names those there are`() async throws {
        try await Self.run { service in
            let error = try await service.error("list", query: "kind=x")
            #expect(error?.code == .unsupportedFilter && error?.param == "kind")
            #expect(error?.hint == "It can filter by owner_id, name")
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `is filtered by the gateway, page by page, where the provider cannot`() async throws {
        let pages: [MemoryProvider.Response] = [
            .json(#"{"data":[{"id":1,"title":"Ada"},{"id":2,"title":"Bo"}],"next":"c2"}"#),
            .json(#"{"data":[{"id":3,"title":"ADA"}]}"#),
        ]
        try await Self.run(pages) { service in
            let reply = try await service.reply("list", query: "name=ada&limit=2")
            #expect(reply.json["result"]?.array?.compactMap { $0["id"]?.string } == ["1", "3"])
            #expect(reply.json["filtered_by_gateway"] == ["name"])
            #expect(service.provider.lines.count == 2)
        }
        for format in ["raw", "stream"] {
            try await Self.run { service in
                let error = try await service.error("list", query: "name=ada&truto_response_format=\(format)")
                #expect(error?.code == .unsupportedFilter && error?.param == "name" && error?.message.contains(format) == true)
                #expect(service.provider.lines.isEmpty)
            }
        }
    }

    // MARK: Responses as they came

    @Test func `is handed on byte for byte where the caller wants it raw`() async throws {
        let odd = MemoryProvider.Response(
            status: 203, headers: [("content-type", "text/odd"), ("ratelimit-limit", "5"), ("x-secret", "1")], body: ["{ \"a\" :1", "}"])
        for format in ["raw", "stream"] {
            try await Self.run([odd]) { service in
                let reply = try await service.reply("list", query: "truto_response_format=\(format)")
                #expect(reply.status == 203 && reply.contentType == "text/odd" && reply.text == #"{ "a" :1}"#)
                #expect(reply.headers.map { "\($0.name.rawName): \($0.value)" } == ["ratelimit-limit: 5"])
                #expect(reply.contentLength == (format == "stream" ? 9 : nil))
            }
        }
    }

    @Test(arguments: ["raw", "stream"]) func `hands on a refusal too where it is raw`(format: String) async throws {
        try await Self.run([.json(#"{"error":"no"}"#, status: 404)]) { service in
            let reply = try await service.reply("list", query: "truto_response_format=\(format)")
            #expect(reply.status == 404 && reply.text == #"{"error":"no"}"#)
        }
    }

    // MARK: Failures

    @Test(arguments: [400, 403, 404, 500]) func `fails with the provider's status and words`(status: Int) async throws {
        try await Self.run([.json(#"{"message":"not \#(TestService.secret)"}"#, status: status)]) { service in
            let call = try service.unifiedCall("list")
            let error = await service.error(call)
            #expect(error?.code == .remoteError && error?.status == status)
            // Of an account that is not stored nobody knows what is secret but what the definition says.
            #expect(error?.message.hasPrefix("not ") == true)
        }
    }

    @Test func `that is refused for want of credentials says where to look`() async throws {
        try await Self.run([.json("{}", status: 401)]) { service in
            let error = try await service.error("list")
            #expect(error?.status == 401 && error?.hint == "The account's last_error says what to do")
            #expect(service.provider.lines.count == 1, "there are no newer ones to try")
        }
    }

    @Test func `waits as the provider says where it is called too often`() async throws {
        try await Self.run([.json("{}", status: 429, headers: [("retry-after", "60")])]) { service in
            let error = try await service.error("list")
            #expect(error?.status == 429 && error?.headerFields == [.retryAfter: "60"])
            #expect(error?.insight["rate_limit_error"] != nil)
        }
    }

    @Test(arguments: ["<html>", "[1", "nope"]) func `needs a response that is JSON`(text: String) async throws {
        try await Self.run([MemoryProvider.Response(body: [text])]) { service in
            let error = try await service.error("list")
            #expect(error?.code == .badProviderResponse && error?.remote?.rawResponse == .string(text))
        }
    }

    @Test func `needs a response within the limit`() async throws {
        var limits = UnifiedService.Limits()
        limits.maxResponseBytes = 100
        let long = MemoryProvider.Response(body: [String(repeating: " ", count: 60), String(repeating: " ", count: 60)])
        try await TestService.run(Self.vendor, limits: limits) { _, _ in
            long
        } _: { service in
            let error = try await service.error("list")
            #expect(error?.code == .badProviderResponse && error?.message.contains("100 bytes") == true)
        }
    }

    @Test func `is asked for again where the connection broke, since it only reads`() async throws {
        try await Self.run([.hangUp, .json(#"{"data":[]}"#)]) { service in
            let reply = try await service.reply("list")
            #expect(reply.json["result_count"] == 0)
            #expect(service.provider.lines.count == 2)
        }
        try await Self.run([.hangUp]) { service in
            let error = try await service.error("list")
            #expect(error?.code == .providerUnreachable)
            #expect(service.provider.lines.count == 3, "and no more than three times")
        }
    }

    // MARK: What does not exist

    @Test(
        arguments: [
            ("list", "nothing", "not_found"), ("get", "things", "method_not_supported"), ("fly", "things", "method_not_supported"),
            ("list", "people", "method_not_supported"),
        ])
    func `of what the model or the vendor does not have is refused`(method: String, resource: String, code: String) async throws {
        try await Self.run { service in
            let error = try await service.error(method, resource, id: "1")
            #expect(error?.code.name == code)
        }
    }
}
