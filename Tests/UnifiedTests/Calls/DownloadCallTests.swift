import FoundationEssentials
import HTTPTypes
import JSON
import Testing

@testable import Unified
@testable import Upstream

/// A file on its way from the provider.
struct `A download` {
    private static func vendor(_ call: String, query: String = #"{"id": query.id}"#) -> TestVendor {
        TestVendor(
            head: "allowed_hosts: [cdn.vendor.test]", calls: "  files:\n    fetch: {\(call)}\n",
            mapping: "  files: {download: {method: fetch, query_mapping: '\(query)'}}")
    }

    private static let binary = vendor(#"path: "/files/{{query.id}}", api_response_format: binary"#)
    private static let linked = vendor(
        #"url: "{{query.url}}", auth: own_hosts, api_response_format: binary"#, query: #"{"url": query.file_url}"#)
    private static let document = vendor(
        #"path: "/docs/{{query.id}}", response_file: '{"content": doc.data, "file_name": doc.name, "content_type": doc.type}'"#)

    private static func run(
        _ vendor: TestVendor, hosts: [String] = [],
        _ answer: @escaping @Sendable (MemoryProvider.Request) -> MemoryProvider.Response, _ body: (TestService) async throws -> Void
    ) async throws {
        try await TestService.run(vendor, hosts: hosts) { request, _ in
            answer(request)
        } _: {
            try await body($0)
        }
    }

    private static func lines(_ fields: HTTPFields) -> [String] { fields.map { "\($0.name.canonicalName): \($0.value)" } }

    // MARK: Bytes

    @Test func `is handed on as it arrives, to be saved and never shown`() async throws {
        let headers = [
            ("content-type", "text/html"), ("content-disposition", "inline; filename=\"..\\cv.html\""), ("etag", "\"1\""),
            ("set-cookie", "a=b"), ("x-ratelimit-remaining", "3"),
        ]
        try await Self.run(Self.binary, { _ in MemoryProvider.Response(headers: headers, body: ["<a>", "</a>"]) }) { service in
            let reply = try await service.reply("download", "files", query: "id=7")
            #expect(reply.status == 200 && reply.contentType == "text/html" && reply.text == "<a></a>" && reply.contentLength == 7)
            let lines = Self.lines(reply.headers)
            #expect(lines.contains("x-content-type-options: nosniff") && lines.contains("etag: \"1\""))
            #expect(lines.contains("ratelimit-remaining: 3") && !lines.contains { $0.hasPrefix("set-cookie") })
            #expect(lines.contains { $0.hasPrefix("content-disposition: attachment") && $0.contains("cv.html") && !$0.contains("..") })
            let sent = try #require(service.provider.received.first)
            #expect(sent.line == "GET /files/7" && sent["accept"] == "*/*")
            #expect(sent["authorization"] == "Bearer \(TestService.secret)")
        }
    }

    @Test func `may be of a part of the file`() async throws {
        let part = MemoryProvider.Response(status: 206, headers: [("content-range", "bytes 0-1/9")], body: ["ab"])
        try await Self.run(Self.binary, { _ in part }) { service in
            var call = try service.unifiedCall("download", "files", query: "id=7")
            call.rangeFields = [.range: "bytes=0-1", .ifRange: "\"1\""]
            let reply = try await service.reply(call)
            #expect(reply.status == 206 && Self.lines(reply.headers).contains("content-range: bytes 0-1/9"))
            let sent = try #require(service.provider.received.first)
            #expect(sent["range"] == "bytes=0-1" && sent["if-range"] == "\"1\"")
        }
    }

    @Test func `of a part that there is not says what there is`() async throws {
        let headers = [("content-range", "bytes */9"), ("accept-ranges", "bytes"), ("etag", "x")]
        try await Self.run(Self.binary, { _ in MemoryProvider.Response(status: 416, headers: headers, body: [""]) }) { service in
            let error = try await service.error("download", "files", query: "id=7")
            #expect(error?.status == 416)
            #expect(Self.lines(error?.headerFields ?? [:]) == ["content-range: bytes */9", "accept-ranges: bytes"])
        }
    }

    @Test func `follows the provider elsewhere, and leaves the credentials behind`() async throws {
        let moved = MemoryProvider.Response(status: 302, headers: [("location", "https://other.test/x?sig=1")], body: [""])
        try await Self.run(
            Self.binary, hosts: ["other.test"], { $0.host == "other.test" ? MemoryProvider.Response(body: ["bytes"]) : moved }
        ) { service in
            let reply = try await service.reply("download", "files", query: "id=7")
            #expect(reply.text == "bytes")
            let sent = try #require(service.provider.received.last)
            #expect(sent.host == "other.test" && sent.line == "GET /x?sig=1" && sent["authorization"] == nil)
        }
    }

    @Test(arguments: [404, 403, 500]) func `that is refused fails as any call does`(status: Int) async throws {
        try await Self.run(Self.binary, { _ in .json(#"{"message":"gone"}"#, status: status) }) { service in
            let error = try await service.error("download", "files", query: "id=7")
            #expect(error?.code == .remoteError && error?.status == status && error?.message == "gone")
        }
    }

    // MARK: Addresses

    @Test(arguments: [
        ("https://api.vendor.test/f?a=1", "GET /f?a=1", true), ("https://cdn.vendor.test/f", "GET /f", true),
        ("https://other.test/f", "GET /f", false),
    ]) func `from an address takes credentials along to the vendor's own hosts alone`(
        address: String, line: String, isOwn: Bool
    ) async throws {
        try await Self.run(
            Self.linked, hosts: ["cdn.vendor.test", "other.test"], { _ in MemoryProvider.Response(body: ["bytes"]) }
        ) { service in
            let reply = try await service.reply("download", "files", query: "file_url=\(address)")
            #expect(reply.text == "bytes")
            let sent = try #require(service.provider.received.first)
            #expect(sent.line == line && (sent["authorization"] != nil) == isOwn)
        }
    }

    @Test(
        arguments: [
            ("https://other.test/f", "egress_refused", "other.test"),
            ("https://api.vendor.test.evil.test/f", "egress_refused", "evil.test"),
            ("javascript:1", "invalid_query_parameter", "file_url"), ("https://a@api.vendor.test/", "invalid_query_parameter", "user name"),
            ("https://127.1/", "invalid_query_parameter", "file_url"),
        ])
    func `by an id is no way to ask another host`(address: String, code: String, text: String) async throws {
        try await Self.run(Self.binary, { _ in MemoryProvider.Response(body: ["bytes"]) }) { service in
            let error = try await service.error("download", "files", query: "id=7&file_url=\(address)")
            #expect(error?.code.name == code && error?.param == "file_url" && error?.message.contains(text) == true)
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test(arguments: ["https://api.vendor.test/x", "https://cdn.vendor.test/x", "https://API.vendor.test:8443/x"])
    func `by an id may say the vendor's own address`(address: String) async throws {
        try await Self.run(Self.binary, { _ in MemoryProvider.Response(body: ["bytes"]) }) { service in
            _ = try await service.reply("download", "files", query: "id=7&file_url=\(address)")
            #expect(service.provider.lines == ["GET /files/7"])
        }
    }

    // MARK: Files in documents

    @Test(
        arguments: [
            (#"{"data":"YWJj","name":"cv.txt","type":"text/plain"}"#, "abc", "text/plain", "cv.txt"),
            (#"{"data":"YWJj"}"#, "abc", "application/octet-stream", "file"), (#"{"data":""}"#, "", "application/octet-stream", "file"),
        ])
    func `in a document is the bytes of it`(text: String, bytes: String, type: String, name: String) async throws {
        try await Self.run(Self.document, { _ in .json(#"{"doc":\#(text)}"#) }) { service in
            let reply = try await service.reply("download", "files", query: "id=7")
            #expect(reply.status == 200 && reply.text == bytes && reply.contentType == type)
            #expect(reply.headers.contains { $0.name.canonicalName == "content-disposition" && $0.value.contains(name) })
        }
    }

    @Test(
        arguments: [
            (200, #"{"doc":{"data":"!!"}}"#, "bad_provider_response", 502), (200, "<html>", "bad_provider_response", 502),
            (200, #"{"doc":{}}"#, "remote_error", 404), (200, #"{"doc":null}"#, "remote_error", 404),
            (403, #"{"message":"no"}"#, "remote_error", 403),
        ])
    func `in a document that has none fails`(status: Int, text: String, code: String, expected: Int) async throws {
        try await Self.run(Self.document, { _ in .json(text, status: status) }) { service in
            let error = try await service.error("download", "files", query: "id=7")
            #expect(error?.code.name == code && error?.status == expected)
        }
    }
}
