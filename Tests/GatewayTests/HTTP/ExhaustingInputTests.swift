import JSON
import NIOCore
import NIOHTTP1
import Testing
import TestSupport

/// Input made to take time or memory: it is refused by a limit, and the gateway goes on.
@Suite(.serialized) struct ExhaustingInputTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var query = ""
        var type = "application/json"
        var body: @Sendable () -> ByteBuffer
        var statuses: Set<Int> = [400, 413]
        var testDescription: String { name }
    }

    private static func parts(_ count: Int, _ head: String) -> ByteBuffer {
        var body = ByteBuffer()
        for at in 0..<count { body.writeString("--b\r\nContent-Disposition: form-data; name=\"x\(at)\"\(head)\r\n\r\ny\r\n") }
        body.writeString("--b--\r\n")
        return body
    }

    private static let form = "multipart/form-data; boundary=b"

    static let rows: [Row] = [
        Row(
            name: "100,000 parameters", query: (0..<100_000).map { "p\($0)=" }.joined(separator: "&"), body: { ByteBuffer() },
            statuses: [431]),
        Row(name: "5,000 parameters", query: (0..<5000).map { "p\($0)=" }.joined(separator: "&"), body: { ByteBuffer() }),
        Row(name: "a parameter 1,000 deep", query: "a" + String(repeating: "[b]", count: 1000) + "=1", body: { ByteBuffer() }),
        Row(name: "an index beyond all", query: "a[999999999999]=1", body: { ByteBuffer(string: "{}") }),
        Row(
            name: "a million members",
            body: { ByteBuffer(string: "{" + (0..<1_000_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}") }),
        Row(
            name: "a document 100,000 deep",
            body: { ByteBuffer(string: "{\"remote_data\":" + String(repeating: "[", count: 100_000) + "}") }),
        Row(name: "objects 100,000 deep", body: { ByteBuffer(string: String(repeating: "{\"a\":", count: 100_000)) }),
        Row(
            name: "a number of a million digits",
            body: { ByteBuffer(string: "{\"remote_data\":{\"n\":" + String(repeating: "9", count: 1_000_000) + "}}") }),
        Row(name: "100,000 parts", type: form, body: { parts(100_000, "") }),
        Row(name: "10,000 files", type: form, body: { parts(10_000, "; filename=\"a\"") }),
        Row(
            name: "a part's head without end", type: form,
            body: { ByteBuffer(string: "--b\r\nX: " + String(repeating: "y", count: 2 << 20)) }),
        Row(name: "a boundary that nearly comes", type: form, body: { ByteBuffer(string: String(repeating: "\r\n--", count: 500_000)) }),
        Row(
            name: "names that nest", type: form,
            body: {
                ByteBuffer(
                    string: "--b\r\nContent-Disposition: form-data; name=\"remote_data" + String(repeating: "[a]", count: 2000)
                        + "\"\r\n\r\n1\r\n--b--\r\n")
            }),
    ]

    @Test(arguments: rows) func `a limit refuses it, and the next call is answered`(row: Row) async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            let body = row.body()
            try await client.send(
                "POST /unified/ats/attachments?integrated_account_id=\(gateway.accountID)&\(row.query) HTTP/1.1\r\nhost: a\r\n"
                    + "authorization: Bearer \(gateway.token)\r\ncontent-type: \(row.type)\r\ncontent-length: \(body.readableBytes)\r\n\r\n"
            )
            async let sent: Void? = try? client.send(String(buffer: body))
            let response = try await client.readUntil { $0.contains("\"request_id\"") }
            let status = Int(response.dropFirst(9).prefix(3)) ?? 0
            #expect(row.statuses.contains(status), "\(response)")
            try await client.close()
            _ = await sent
            #expect(try await gateway.stored()["uploads"]?.array?.isEmpty != false)
            #expect(try await gateway.call(.GET, "/ping").status == 200)
        }
    }
}
