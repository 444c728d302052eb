import JSON
import NIOCore
import NIOHTTP1
import Testing
import TestSupport

@testable import Unified
@testable import Upstream

/// What a provider may send in place of a response: each ends in a defined response here, with nothing left of the call,
/// and nothing of it reaches the next one.
@Suite(.serialized) struct HostileProviderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [RawServer.Step]
        var status = 502
        var code: String? = "bad_provider_response"
        var testDescription: String { name }

        init(_ name: String, _ steps: RawServer.Step..., status: Int = 502, code: String? = "bad_provider_response") {
            (self.name, self.steps, self.status, self.code) = (name, steps, status, code)
        }
    }

    private static func head(_ fields: String, _ status: String = "HTTP/1.1 200 OK") -> RawServer.Step {
        .send("\(status)\r\ncontent-type: application/json\r\n\(fields)\r\n\r\n")
    }

    private static let empty = "{\"data\":[]}"
    private static let good = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n\(empty)"
    private static let evil = "HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n{\"data\":[{\"id\":\"evil\"}]}"

    static let rows: [Row] = [
        Row("two responses to one request", .send(good + evil), status: 200, code: nil),
        Row("a response and then garbage", .send(good + "\u{1}\u{2}\u{3}"), status: 200, code: nil),
        Row("a length and chunks", head("content-length: 3\r\ntransfer-encoding: chunked"), .send("0\r\n\r\n")),
        Row("two lengths", head("content-length: 3\r\ncontent-length: 11"), .send(empty)),
        Row("a negative length", head("content-length: -1"), .send(empty)),
        Row("a length that is no number", head("content-length: many"), .send(empty)),
        Row("a length beyond all", head("content-length: 99999999999999999999"), .send(empty)),
        Row("a length past the limit", head("content-length: 9999999999"), .send(String(repeating: "[", count: 33 << 20))),
        Row("a chunk size that is none", head("transfer-encoding: chunked"), .send("zz\r\n")),
        Row("a chunk size beyond all", head("transfer-encoding: chunked"), .send("FFFFFFFFFFFFFFFFF\r\n")),
        Row("a chunk extension without end", head("transfer-encoding: chunked"), .send("b;x=" + String(repeating: "y", count: 4 << 20))),
        Row("interim responses without end", .send(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 20_000))),
        Row(
            "a few interim responses", .send(String(repeating: "HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n", count: 5) + good),
            status: 200, code: nil),
        Row("a switch of protocols", .send("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")),
        Row("five thousand fields", head((0..<5000).map { "x\($0): y" }.joined(separator: "\r\n")), .send(empty)),
        Row("a field without end", .send("HTTP/1.1 200 OK\r\nx: " + String(repeating: "y", count: 1 << 20))),
        Row("trailers without end", head("transfer-encoding: chunked"), .send("0\r\n" + (0..<5000).map { "x\($0): y\r\n" }.joined())),
        Row("a field with a NUL", head("x: a\u{0}b\r\ncontent-length: 11"), .send(empty)),
        Row("a status that is no number", .send("HTTP/1.1 OK OK\r\n\r\n")),
        Row("a status of 000", .send("HTTP/1.1 000 No\r\ncontent-length: 0\r\n\r\n")),
        Row("a status of 999", .send("HTTP/1.1 999 No\r\ncontent-length: 0\r\n\r\n")),
        Row("another protocol", .send("SSH-2.0-x\r\n\r\n")),
        Row("another version", head("content-length: 11", "HTTP/3.0 200 OK"), .send(empty)),
        Row("text that is not UTF-8", head("content-length: 4"), .bytes([0x22, 0xFF, 0xFE, 0x22])),
        Row("a document that is cut off", head("content-length: 5"), .send("{\"dat")),
        Row("a document too deep", head("content-length: 200000"), .send(String(repeating: "[", count: 200_000))),
        Row("a page in place of a document", .send("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>")),
        Row(
            "a redirect to itself", .send("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n"), status: 302,
            code: "remote_error"),
    ]

    @Test(arguments: rows) func `whatever comes is answered, and nothing is left of it`(row: Row) async throws {
        try await RawServer.run(.init(.request, steps: row.steps), .init(.request, .send(Self.good))) { provider in
            try await TestGateway.run(provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]) { gateway in
                let path = "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)"
                let response = try await gateway.call(.GET, path)
                #expect(response.status == row.status, "\(response.json.text().prefix(500))")
                #expect(response.json["code"]?.string == row.code, "\(response.json.text().prefix(500))")
                #expect(!response.json.text().contains("evil"))
                #expect(gateway.unified.inFlight.inUse == 0)
                #expect(gateway.upstream.slots.counts == (0, 0))
                let next = try await gateway.call(.GET, path)
                #expect(!next.json.text().contains("evil"), "the next call got what was left")
                #expect(next.status == 200, "\(next.json.text().prefix(500))")
            }
        }
    }
}
