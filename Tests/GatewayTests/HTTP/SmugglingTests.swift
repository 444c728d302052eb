import NIOCore
import NIOHTTP1
import Testing
import TestSupport

/// Requests that two readers might part differently (RFC 9112 §11.2), and others that are none: each has one meaning here,
/// or none, and every response says why.
@Suite struct SmugglingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: String
        /// The statuses of all responses, in order.
        var statuses: [Int]
        var testDescription: String { name }
    }

    static let hidden = "GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n"

    private static func post(_ fields: String, _ body: String = "") -> String {
        "POST /link-token HTTP/1.1\r\nhost: a\r\n\(fields)\r\n\r\n\(body)"
    }

    private static func get(_ fields: String, _ target: String = "/ping", _ version: String = "HTTP/1.1") -> String {
        "GET \(target) \(version)\r\n\(fields)\r\n\r\n"
    }

    static let rows: [Row] = [
        Row(
            name: "a length and chunks", bytes: post("content-length: 4\r\ntransfer-encoding: chunked", "0\r\n\r\n" + hidden),
            statuses: [400]),
        Row(
            name: "chunks and a length", bytes: post("transfer-encoding: chunked\r\ncontent-length: 4", "0\r\n\r\n" + hidden),
            statuses: [400]),
        Row(name: "two lengths", bytes: post("content-length: 0\r\ncontent-length: 39", hidden), statuses: [400]),
        Row(name: "two lengths alike", bytes: post("content-length: 3\r\ncontent-length: 3", "abc" + hidden), statuses: [400]),
        Row(name: "a list of lengths", bytes: post("content-length: 3, 3", "abc"), statuses: [400]),
        Row(name: "a signed length", bytes: post("content-length: +3", "abc" + hidden), statuses: [400]),
        Row(name: "a negative length", bytes: post("content-length: -3", "abc" + hidden), statuses: [400]),
        Row(name: "a hexadecimal length", bytes: post("content-length: 0x3", "abc" + hidden), statuses: [400]),
        Row(name: "a length with a blank in it", bytes: post("content-length: 3 9", "abc" + hidden), statuses: [400]),
        Row(name: "a length beyond all", bytes: post("content-length: 99999999999999999999", "abc"), statuses: [400]),
        Row(name: "a coding before chunks", bytes: post("transfer-encoding: gzip, chunked", "0\r\n\r\n" + hidden), statuses: [501]),
        Row(
            name: "a coding in a field of its own",
            bytes: post("transfer-encoding: gzip\r\ntransfer-encoding: chunked", "0\r\n\r\n" + hidden), statuses: [501]),
        Row(
            name: "chunks in HTTP/1.0",
            bytes: "POST /link-token HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, statuses: [400]),
        Row(name: "a blank before a colon", bytes: post("transfer-encoding : chunked", "0\r\n\r\n" + hidden), statuses: [400]),
        Row(name: "a blank before a name", bytes: get("host: a\r\n x: y"), statuses: [400]),
        Row(name: "a field without a name", bytes: get("host: a\r\n: y"), statuses: [400]),
        Row(name: "a NUL in a field", bytes: get("host: a\r\nx: a\u{0}b"), statuses: [400]),
        Row(name: "a return in a field", bytes: get("host: a\r\nx: a\rb"), statuses: [400]),
        Row(name: "a name with a bracket", bytes: get("host: a\r\nx(y: z"), statuses: [400]),
        Row(name: "no host", bytes: get("x: y"), statuses: [400]),
        Row(name: "two hosts", bytes: get("host: a\r\nhost: b"), statuses: [400]),
        Row(name: "a host with a path", bytes: get("host: a/b"), statuses: [400]),
        Row(name: "a host with a user", bytes: get("host: a@b"), statuses: [400]),
        Row(name: "HTTP/2 by its preface", bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", statuses: [400]),
        Row(name: "HTTP/3 by a number", bytes: get("host: a", "/ping", "HTTP/3.0"), statuses: [400]),
        Row(name: "no version", bytes: "GET /ping\r\n\r\n", statuses: [400]),
        Row(name: "a method in small letters", bytes: "get /ping HTTP/1.1\r\nhost: a\r\n\r\n", statuses: [400]),
        Row(name: "a method that nobody knows", bytes: "FROB /ping HTTP/1.1\r\nhost: a\r\n\r\n", statuses: [400]),
        Row(name: "a blank in the address", bytes: get("host: a", "/ping x"), statuses: [400]),
        Row(name: "a control character in the address", bytes: get("host: a", "/ping\u{7}"), statuses: [400]),
        Row(name: "a field past the limit", bytes: get("host: a\r\nx: " + String(repeating: "y", count: 70 << 10)), statuses: [431]),
        Row(
            name: "an address past the limit", bytes: get("host: a", "/ping?x=" + String(repeating: "y", count: 70 << 10)), statuses: [431]),
        Row(
            name: "fields past the limit",
            bytes: get("host: a\r\n" + (0..<40).map { "x\($0): " + String(repeating: "y", count: 4 << 10) }.joined(separator: "\r\n")),
            statuses: [431]),
        Row(name: "too many fields", bytes: get("host: a\r\n" + (0..<400).map { "x\($0): y" }.joined(separator: "\r\n")), statuses: [431]),
        // Understood, and by one meaning only.
        Row(
            name: "a body that looks like a request",
            bytes: "GET /ping HTTP/1.1\r\nhost: a\r\ncontent-length: \(hidden.utf8.count)\r\n\r\n\(hidden)", statuses: [401]),
        Row(
            name: "chunks that look like a request", bytes: post("transfer-encoding: chunked", "27\r\n\(hidden)\r\n0\r\n\r\n"),
            statuses: [401]),
        Row(name: "a whole address", bytes: get("host: a", "http://evil.example/ping"), statuses: [401]),
        Row(name: "letters beyond ASCII in the address", bytes: get("host: a", "/ping?name=Zoë"), statuses: [401]),
        Row(name: "an empty line first", bytes: "\r\n" + get("host: a"), statuses: [401]),
        Row(name: "HTTP/1.0 without a host", bytes: "GET /ping HTTP/1.0\r\n\r\n", statuses: [401]),
        Row(name: "two requests at once", bytes: get("host: a") + hidden, statuses: [401, 200]),
    ]

    @Test func `what could be read in two ways is refused, and every refusal has a body and an id`() async throws {
        try await TestGateway.run { gateway in
            for row in Self.rows {
                let client = try await RawClient(gateway)
                try? await client.send(row.bytes)
                try? await client.closeOutput()
                let text = try await client.readAll()
                try await client.close()
                let starts = text.ranges(of: #/HTTP\/1\.1 \d{3} /#).map(\.lowerBound)
                let responses = zip(starts, starts.dropFirst() + [text.endIndex]).map { text[$0..<$1].dropFirst("HTTP/1.1 ".count) }
                #expect(responses.compactMap { Int($0.prefix(3)) } == row.statuses, "\(row.name): \(text.prefix(2000))")
                for response in responses where !response.hasPrefix("2") {
                    let id = response.firstMatch(of: #/(?i)x-request-id: (req_[0-9a-f]+)/#)?.output.1
                    #expect(id != nil && response.contains("\"request_id\":\"\(id ?? "")\""), "\(row.name): \(response)")
                    #expect(
                        response.firstMatch(of: #/"statusCode":\d+,"error":".+?","message":".+?","code":"[a-z_]+"/#) != nil,
                        "\(row.name): \(response)")
                    #expect(response.lowercased().contains("x-content-type-options: nosniff"), "\(row.name)")
                }
            }
            #expect(try await gateway.call(.GET, "/ping").status == 200)
        }
    }
}
