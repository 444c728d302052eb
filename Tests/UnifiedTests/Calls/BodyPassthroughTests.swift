import HTTPTypes
import JSON
import Testing

@testable import Unified
@testable import Upstream

/// `truto_body_passthrough`: the caller's body goes on byte for byte.
struct `A body that is passed through` {
    private static let vendor = TestVendor(
        calls: """
              files: {create: {method: post, path: /files, body_format: multipart, max_file_size: 2MiB}}
              things: {create: {method: post, path: /things}, list: {path: /things}}
            """,
        mapping: """
              files: {create: {query_mapping: '{"of": params.candidate_id}', request_body_mapping: '{"f": body.file}', response_mapping: '{"id": response.id}'}}
              things: {create: {query_mapping: '{}', response_mapping: '{"id": response.id}'}}
            """)

    private static func run(
        lookahead: Int = 1 << 20, _ response: MemoryProvider.Response = .json(#"{"id":9}"#), _ body: (TestService) async throws -> Void
    ) async throws {
        var limits = UnifiedService.Limits()
        limits.lookahead = lookahead
        try await TestService.run(vendor, limits: limits) { _, _ in
            response
        } _: {
            try await body($0)
        }
    }

    private static func body(
        _ text: String = "odd \u{1} bytes", type: String? = "x/odd; a=\"b\"", isLengthKnown: Bool = true
    ) -> InboundBody {
        .arriving(text.pieces(of: 5), type: type, length: isLengthKnown ? Int64(text.utf8.count) : nil)
    }

    @Test(arguments: [(1 << 20, true), (1 << 20, false), (5, true)]) func `arrives as it was sent, and its response is mapped`(
        lookahead: Int, isLengthKnown: Bool
    ) async throws {
        try await Self.run(lookahead: lookahead) { service in
            let reply = try await service.reply(
                "create", "files", query: "truto_body_passthrough=true&candidate_id=5", body: Self.body(isLengthKnown: isLengthKnown))
            #expect(reply.json["id"] == "9")
            let sent = try #require(service.provider.received.first)
            #expect(sent.line == "POST /files?of=5" && sent.body == "odd \u{1} bytes" && sent["content-type"] == "x/odd; a=\"b\"")
            #expect(sent["content-length"] == (isLengthKnown ? "11" : nil))
        }
    }

    @Test func `has a type even where its caller names none`() async throws {
        try await Self.run { service in
            _ = try await service.reply("create", "things", query: "truto_body_passthrough=1", body: Self.body(type: nil))
            #expect(service.provider.received.first?["content-type"] == "application/octet-stream")
        }
    }

    @Test(arguments: ["raw", "stream"]) func `may have its response passed through too`(format: String) async throws {
        try await Self.run(MemoryProvider.Response(status: 202, headers: [("content-type", "t/x")], body: ["ok"])) { service in
            let reply = try await service.reply(
                "create", "things", query: "truto_body_passthrough=1&truto_response_format=\(format)", body: Self.body())
            #expect(reply.status == 202 && reply.text == "ok" && reply.contentType == "t/x")
        }
    }

    @Test(arguments: [(400, #"{"message":"no"}"#, "remote_error"), (200, "<html>", "bad_provider_response")])
    func `fails as other calls do`(status: Int, text: String, code: String) async throws {
        try await Self.run(.json(text, status: status)) { service in
            let error = try await service.error("create", "things", query: "truto_body_passthrough=1", body: Self.body())
            #expect(error?.code.name == code)
        }
    }

    @Test(arguments: [true, false]) func `is no larger than a file may be`(isLengthKnown: Bool) async throws {
        try await Self.run(lookahead: 5) { service in
            let size = (3 << 20) + 10
            let chunks =
                [String](repeating: String(repeating: "x", count: 1 << 16), count: size >> 16) + [String(repeating: "x", count: 10)]
            let body = InboundBody.arriving(chunks, type: nil, length: isLengthKnown ? Int64(size) : nil)
            let error = try await service.error("create", "files", query: "truto_body_passthrough=1", body: body)
            #expect(error == .fileTooLarge(limit: 2 << 20))
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `breaks off where its caller does`() async throws {
        try await Self.run(lookahead: 5) { service in
            let body = InboundBody.arriving(["some", "more"], type: nil, failure: Broken())
            let call = try service.unifiedCall("create", "things", query: "truto_body_passthrough=1", body: body)
            await #expect(throws: Broken.self) { try await service.unified.perform(call) { _ in } }
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `without a body is a call as any other`() async throws {
        try await Self.run { service in
            let error = try await service.error("create", "things", query: "truto_body_passthrough=1")
            #expect(error?.code == .missingBodyFields && service.provider.lines.isEmpty)
        }
    }
}
