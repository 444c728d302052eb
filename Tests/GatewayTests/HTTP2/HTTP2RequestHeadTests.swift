import NIOHPACK
import NIOHTTP1
import Testing
import Unified

@testable import Gateway

/// What the fields of a stream mean as a request, and what they are refused for.
@Suite struct HTTP2RequestHeadTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var fields: [(String, String)]
        var method = HTTPMethod.GET
        var target = "/a"
        var headers: [String] = []
        var code: String?
        var testDescription: String { "\(fields)".prefix(200).description }
    }

    private static func get(_ path: String = "/a", _ more: (String, String)...) -> [(String, String)] {
        [(":method", "GET"), (":scheme", "https"), (":path", path)] + more
    }

    private static let long = String(repeating: "y", count: RequestHeadRules.longestField + 1)

    static let rows: [Row] = [
        Row(fields: get("/a", (":authority", "a.example")), headers: ["host: a.example"]),
        Row(fields: get("/a", (":authority", "a.example"), ("x", "y"), ("x", "z")), headers: ["host: a.example", "x: y", "x: z"]),
        Row(fields: get("/a", (":authority", "A.example"), ("host", "a.Example")), headers: ["host: A.example"]),
        Row(fields: get("/a", ("host", "a.example")), headers: ["host: a.example"]),
        Row(
            fields: get("/a", (":authority", "a.example"), ("host", "b.example")), headers: ["host: a.example", "host: b.example"],
            code: "malformed_request"),
        Row(fields: get("/a", ("host", "a"), ("host", "b")), headers: ["host: a", "host: b"], code: "malformed_request"),
        Row(fields: get(), code: "malformed_request"),
        Row(fields: get("/a", (":authority", "a/b")), headers: ["host: a/b"], code: "malformed_request"),
        Row(fields: get("/a", (":authority", "user@a")), headers: ["host: user@a"], code: "malformed_request"),
        Row(fields: get("/é?n=ü", ("host", "a")), target: "/%C3%A9?n=%C3%BC", headers: ["host: a"]),
        Row(fields: get("a", ("host", "a")), target: "a", headers: ["host: a"], code: "malformed_request"),
        Row(fields: get("https://b/a", ("host", "a")), target: "https://b/a", headers: ["host: a"], code: "malformed_request"),
        Row(fields: get("*", ("host", "a")), target: "*", headers: ["host: a"], code: "malformed_request"),
        Row(fields: get("/a", ("host", "a"), ("content-length", "5")), headers: ["host: a", "content-length: 5"]),
        Row(
            fields: get("/a", ("host", "a"), ("content-length", "+5")), headers: ["host: a", "content-length: +5"],
            code: "malformed_request"),
        Row(
            fields: [(":method", "OPTIONS"), (":scheme", "https"), (":path", "*"), ("host", "a")], method: .OPTIONS, target: "*",
            headers: ["host: a"]),
        Row(fields: [(":method", "CONNECT"), (":authority", "a:1")], method: .CONNECT, target: "a:1", headers: ["host: a:1"]),
        Row(fields: get("/a", ("host", "a"), ("x", long)), headers: ["host: a", "x: \(long)"], code: "headers_too_large"),
        Row(fields: get("/\(long)", ("host", "a")), target: "/\(long)", headers: ["host: a"], code: "headers_too_large"),
    ]

    @Test(arguments: rows) func `the fields of a stream are a request's`(row: Row) {
        let head = HTTPRequestHead(HPACKHeaders(row.fields))
        #expect(head.method == row.method)
        #expect(head.uri == row.target)
        #expect(head.headers.map { "\($0.name): \($0.value)" } == row.headers)
        #expect(RequestHeadRules.fault(head)?.code.name == row.code)
    }

    @Test(arguments: [(33, 4000, false), (32, 4000, true), (256, 1, false), (255, 1, true)])
    func `all fields together have a limit, and so has their number`(count: Int, length: Int, passes: Bool) {
        let fields = (0..<count).map { ("x\($0)", String(repeating: "y", count: length)) }
        let head = HTTPRequestHead(HPACKHeaders([(":method", "GET"), (":path", "/"), (":authority", "a")] + fields))
        #expect(RequestHeadRules.fault(head)?.code.name == (passes ? nil : "headers_too_large"))
    }
}
