import NIOCore
import NIOHTTP1
import Testing
import Unified

@testable import Gateway

/// What is decided of a request's head before anybody sees it.
@Suite struct RequestHeadTests {
    struct Line: Sendable, CustomTestStringConvertible {
        var bytes: String
        var isStart = true
        var escaped: String
        var isWhole: Bool
        var testDescription: String { bytes }
    }

    static let lines: [Line] = [
        Line(bytes: "GET /a HTTP/1.1\r\nx: é\r\n", escaped: "GET /a HTTP/1.1\r\nx: é\r\n", isWhole: true),
        Line(bytes: "GET /a?n=é HTTP/1.1\r\n\r\nü", escaped: "GET /a?n=%C3%A9 HTTP/1.1\r\n\r\nü", isWhole: true),
        Line(bytes: "\r\nGET /é HT", escaped: "\r\nGET /%C3%A9 HT", isWhole: false),
        Line(bytes: "ü HTTP/1.1\r\ny: ü", isStart: false, escaped: "%C3%BC HTTP/1.1\r\ny: ü", isWhole: true),
        // In the middle of something else: not ours to change.
        Line(bytes: "é: ü\r\n", escaped: "é: ü\r\n", isWhole: true),
        Line(bytes: "value é GET /\r\n", escaped: "value é GET /\r\n", isWhole: true),
    ]

    @Test(arguments: lines) func `only the request line is encoded`(line: Line) {
        var bytes = ByteBuffer(string: line.bytes)
        #expect(RequestLine.escape(&bytes, isStart: line.isStart) == line.isWhole)
        #expect(String(buffer: bytes) == line.escaped)
    }

    struct Head: Sendable, CustomTestStringConvertible {
        var fields: [(String, String)]
        var version = HTTPVersion.http1_1
        var code: String?
        var testDescription: String { "\(version) \(fields)" }
    }

    static let heads: [Head] = [
        Head(fields: [("host", "a")], code: nil),
        Head(fields: [("Host", "a.example:8080")], code: nil),
        Head(fields: [("host", "[::1]:80")], code: nil),
        Head(fields: [], code: "malformed_request"),
        Head(fields: [], version: .http1_0, code: nil),
        Head(fields: [("host", "a"), ("Host", "a")], code: "malformed_request"),
        Head(fields: [("host", "a"), ("host", "b")], version: .http1_0, code: "malformed_request"),
        Head(fields: [("host", "a/b")], code: "malformed_request"),
        Head(fields: [("host", "a@b")], code: "malformed_request"),
        Head(fields: [("host", "a, b")], code: "malformed_request"),
        Head(fields: [("host", "a"), ("transfer-encoding", "chunked")], code: nil),
        Head(fields: [("host", "a"), ("transfer-encoding", "Chunked")], code: nil),
        Head(fields: [("host", "a"), ("transfer-encoding", "gzip, chunked")], code: "not_implemented"),
        Head(fields: [("host", "a"), ("transfer-encoding", "gzip"), ("transfer-encoding", "chunked")], code: "not_implemented"),
        Head(fields: [("host", "a"), ("transfer-encoding", "chunked, chunked")], code: "malformed_request"),
        Head(fields: [("host", "a"), ("transfer-encoding", "identity")], code: "not_implemented"),
        Head(fields: [("host", "a"), ("transfer-encoding", "chunked")], version: .http1_0, code: "malformed_request"),
    ]

    @Test(arguments: heads) func `a head is refused for what it lacks or hides`(head: Head) {
        let request = HTTPRequestHead(version: head.version, method: .POST, uri: "/", headers: HTTPHeaders(head.fields))
        #expect(RequestHeadRules.fault(request)?.code.name == head.code)
    }

    @Test(
        arguments: [
            (HTTPMethod.GET, HTTPVersion.http1_1, 200, nil, "chunked", true),
            (.GET, .http1_1, 200, "5", nil, true),
            (.HEAD, .http1_1, 200, nil, nil, false),
            (.HEAD, .http1_1, 200, "5", nil, false),
            (.GET, .http1_1, 204, "5", nil, false),
            (.GET, .http1_1, 304, "5", nil, false),
            (.GET, .http1_0, 200, nil, nil, true),
            (.GET, .http2, 200, nil, nil, true),
            (.HEAD, .http2, 200, nil, nil, false),
            (.GET, .http2, 304, "5", nil, false),
        ] as [(HTTPMethod, HTTPVersion, Int, String?, String?, Bool)])
    func `a response is framed for whom it is for`(
        method: HTTPMethod, version: HTTPVersion, status: Int, length: String?, coding: String?, hasBody: Bool
    ) {
        var framing = ResponseFraming(to: HTTPRequestHead(version: version, method: method, uri: "/"))
        var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status))
        if let length { head.headers.add(name: "content-length", value: length) }
        let told = framing.frame(&head)
        #expect((told == .untilClose) == (version == .http1_0 && length == nil))
        #expect(head.headers.first(name: "transfer-encoding") == coding)
        #expect(framing.hasBody == hasBody)
        if status != 200 { #expect(head.headers.first(name: "content-length") == nil) }
    }
}
