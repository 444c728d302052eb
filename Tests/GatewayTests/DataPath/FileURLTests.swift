import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import TestSupport
import Unified

/// docs/wire.md#request-bodies and #egress: a file by its address.
@Suite struct FileURLTests {
    static let big = String(repeating: "0123456789abcdef", count: 40_000)

    @Test(arguments: [true, false])
    func `a file at an address is streamed on`(announcesLength: Bool) async throws {
        let chunked = String(big.utf8.count, radix: 16) + "\r\n" + Self.big + "\r\n0\r\n\r\n"
        let script: RawServer.Script =
            announcesLength
            ? .response("200 OK", "content-type: application/pdf\r\n", body: Self.big)
            : .init(.request, .send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunked))
        try await RawServer.run(script) { source in
            try await TestGateway.run(holes: ["127.0.0.1:\(source.port)"]) { gateway in
                let response = try await gateway.uploadJSON(["file_url": .string(source.url + "/files/r%C3%A9sum%C3%A9.pdf?sig=s3cret")])
                #expect(response.status == 200, "\(response.json.text())")
                #expect(response.json["file_name"] == "résumé.pdf")
                let received = try await gateway.received()[0]
                #expect(received["parts"]?.array?[0]["size"]?.int == Self.big.utf8.count)
                #expect((received["content_length"]?.int != nil) == announcesLength)
                #expect(received["complete"] == true)
            }
        }
    }

    private var big: String { Self.big }

    @Test func `the caller's word for name and type goes before the source's`() async throws {
        let head = "content-type: text/html\r\ncontent-disposition: attachment; filename=\"../../evil.html\"\r\n"
        try await RawServer.run(.response("200 OK", head, body: "x")) { source in
            try await TestGateway.run(holes: ["127.0.0.1:\(source.port)"]) { gateway in
                let plain = try await gateway.uploadJSON(["file_url": .string(source.url)])
                #expect(plain.json["file_name"] == "evil.html", "\(plain.json.text())")
                let named = try await gateway.uploadJSON(
                    ["file_url": .string(source.url), "file_name": "cv.pdf", "content_type": "application/pdf"])
                #expect(named.json["file_name"] == "cv.pdf")
                #expect(try await gateway.received()[1]["parts"]?.array?[0]["type"] == "application/pdf")
            }
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var script = RawServer.Script.response("200 OK", body: "x")
        /// `SOURCE` stands for the server that plays the script.
        var url = "SOURCE"
        var status: Int
        var code: String
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "a metadata address", url: "http://169.254.169.254/latest", status: 400, code: "egress_refused"),
        Row(name: "another loopback", url: "http://127.0.0.2/", status: 400, code: "egress_refused"),
        Row(name: "a number", url: "http://2130706433/", status: 400, code: "file_url_refused"),
        Row(name: "a file", url: "file:///etc/passwd", status: 400, code: "file_url_refused"),
        Row(
            name: "a redirect inside", script: .response("302 Found", "location: http://169.254.169.254/\r\n"),
            status: 400, code: "egress_refused"),
        Row(name: "nothing there", script: .response("404 Not Found"), status: 400, code: "file_url_refused"),
        Row(
            name: "gzip", script: .response("200 OK", "content-encoding: gzip\r\n", body: "x"), status: 400,
            code: "file_url_refused"),
        Row(
            name: "too large", script: .init(.request, .send("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx")),
            status: 413, code: "file_too_large"),
        Row(
            name: "too large in the middle",
            script: .init(.request, .send("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 1_200_000)), .close),
            status: 413, code: "file_too_large"),
        Row(
            name: "cut short", script: .init(.request, .send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"), .close),
            status: 502, code: "file_url_unreachable"),
        Row(name: "its own fault", script: .response("503 Service Unavailable"), status: 502, code: "file_url_unreachable"),
        Row(name: "a reset", script: .init(.request, .reset), status: 502, code: "file_url_unreachable"),
    ]

    @Test(arguments: rows)
    func `what cannot be fetched is refused, and nothing is stored`(row: Row) async throws {
        var limits = UnifiedService.Limits()
        limits.maxFileBytes = 1_000_000
        try await RawServer.run(row.script) { source in
            try await TestGateway.run(limits: limits, holes: ["127.0.0.1:\(source.port)"]) { gateway in
                let url = row.url.replacing("SOURCE", with: source.url)
                let response = try await gateway.uploadJSON(["file_url": .string(url)])
                #expect(response.status == row.status, "\(response.json.text())")
                #expect(response.json["code"]?.string == row.code)
                #expect(response.json["param"] == "file_url")
                #expect(try await gateway.stored()["uploads"]?.array?.isEmpty == true)
            }
        }
    }

    @Test func `a file and an address are one too many`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.uploadJSON(["file": "AAAA", "file_url": "https://example.com/a"])
            #expect(response.status == 400)
            #expect(response.json["code"] == "too_many_files")
        }
    }

    @Test func `an upload that the provider refuses stops the fetch`() async throws {
        try await RawServer.run(.init(.request, .send("HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\nabc"))) { source in
            try await TestGateway.run(holes: ["127.0.0.1:\(source.port)"]) { gateway in
                try await gateway.behave(["match": [:], "do": ["status": 413, "body": ["code": "TooLarge", "message": "too large"]]])
                let response = try await gateway.uploadJSON(["file_url": .string(source.url)])
                #expect(response.status == 413)
                #expect(response.json["truto_is_remote_error"] == true)
                await source.until { $0.open == 0 }
            }
        }
    }
}
