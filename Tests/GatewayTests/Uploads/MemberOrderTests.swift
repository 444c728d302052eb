import Gateway
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import Unified

/// JSON members have no order (RFC 8259 §4): past the look-ahead the file waits on disk for what comes behind it.
@Suite struct MemberOrderTests {
    static let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }

    static let limits: UnifiedService.Limits = {
        var limits = UnifiedService.Limits()
        limits.lookahead = 16 << 10
        return limits
    }()

    static let base64 = bytes.base64

    static let members = [
        #""file":"\#(base64)""#, #""file_name":"cv.pdf""#, #""candidate_id":"\#(TestGateway.opportunity)""#,
        #""remote_data":{"note":"hi"}"#,
    ]

    static var orders: [[String]] {
        (0..<members.count).map { at in
            var rest = members
            rest.append(rest.remove(at: at))
            return Array(rest[at...] + rest[..<at])
        } + [members, members.reversed()]
    }

    @Test func `the order of members does not matter`() async throws {
        try await TestGateway.run(limits: Self.limits) { gateway in
            for order in Self.orders {
                let response = try await gateway.call(
                    .POST, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&\(ClientBodyTests.acting)",
                    headers: [("content-type", "application/json")],
                    body: ByteBuffer(string: "{" + order.joined(separator: ",") + "}"))
                #expect(response.status == 200, "\(response.json.text())")
                let received = try #require(try await gateway.received().first)
                #expect(received["path"]?.string == ClientBodyTests.files)
                #expect(received["content_length"]?.int == received["body_size"]?.int)
                let parts = received["parts"]?.array ?? []
                let file = parts.first { $0["name"] == "file" }
                #expect(file?["size"]?.int == Self.bytes.count)
                #expect(file?["filename"] == "cv.pdf")
                #expect(parts.contains { $0["name"] == "note" })
            }
        }
    }

    @Test func `the fields of a URL-encoded form have no order either`() async throws {
        try await TestGateway.run(limits: Self.limits) { gateway in
            let text = Self.base64.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
            let row = UploadRow(
                "file first", ClientBodyTests.urlEncoded, "file=\(text)&file_name=cv.pdf&candidate_id=\(TestGateway.opportunity)",
                query: ClientBodyTests.acting,
                .stored(Self.bytes, name: "cv.pdf", type: "application/pdf", path: ClientBodyTests.files))
            try await row.check(gateway)
        }
    }

    @Test func `a spooled file is sent again where that is safe`() async throws {
        try await TestGateway.run(limits: Self.limits) { gateway in
            try await gateway.behave([
                "match": ["path": "/v1/uploads"], "times": 1,
                "do": ["status": 429, "headers": ["retry-after": "1"], "body": "{}"],
            ])
            let response = try await gateway.uploadJSON(["file": .string(Self.base64), "file_name": "cv.pdf"])
            #expect(response.status == 200, "\(response.json.text())")
            #expect(response.json["remote_data"]?["size"]?.int == Self.bytes.count)
            #expect(try await gateway.received().count == 2)
        }
    }

    @Test func `a spooled file is held to its limit, and a body that breaks off stores nothing`() async throws {
        var limits = Self.limits
        limits.maxFileBytes = 100_000
        try await TestGateway.run(limits: limits) { gateway in
            let large = try await gateway.uploadJSON(["file": .string(Self.base64), "file_name": "cv.pdf"])
            #expect(large.status == 413)
            #expect(large.json["code"] == "file_too_large")
            let broken = try await gateway.call(
                .POST, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)",
                headers: [("content-type", "application/json")],
                body: ByteBuffer(string: #"{"file":"\#(Self.base64.prefix(80_000))","file_name":}"#))
            #expect(broken.json["code"] == "invalid_json", "\(broken.json.text())")
            #expect(try await gateway.received().isEmpty)
        }
    }

    @Test func `without a spool what is needed must come before the file`() async throws {
        var limits = Self.limits
        limits.spoolFolder = nil
        try await TestGateway.run(limits: limits) { gateway in
            let late = try await gateway.uploadJSON(["file": .string(Self.base64), "file_name": "cv.pdf"])
            #expect(late.json["code"] == "field_after_file", "\(late.json.text())")
            #expect(late.json["param"] == "file_name")
            let early = try await gateway.uploadJSON(["file_name": "cv.pdf", "file": .string(Self.base64)])
            #expect(early.status == 200, "\(early.json.text())")
            #expect(early.json["remote_data"]?["size"]?.int == Self.bytes.count)
        }
    }

    @Test func `a disk without room is said so, and nothing is stored`() async throws {
        var limits = Self.limits
        limits.spoolFolder = "/nosuch/folder"
        try await TestGateway.run(limits: limits) { gateway in
            let refused = try await gateway.uploadJSON(["file": .string(Self.base64), "file_name": "cv.pdf"])
            #expect(refused.status == 503)
            #expect(refused.json["code"] == "overloaded")
            #expect(refused.headers.first(name: "retry-after") == "30")
            let whole = try await gateway.uploadJSON([
                "candidate_id": .null, "candidate": .null, "candidate.id": .null, "application_id": .null, "application": .null,
                "application.id": .null, "remote_data": .null, "content_type": "application/pdf", "file_name": "cv.pdf",
                "file": .string(Self.base64),
            ])
            // All that the mapping reads is known: it streams, and needs no disk.
            #expect(whole.status == 200, "\(whole.json.text())")
        }
    }
}

extension [UInt8] {
    /// By the definition of RFC 4648 §4, so that tests do not lean on our own encoder.
    var base64: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        for start in stride(from: 0, to: count, by: 3) {
            let group = self[start..<Swift.min(start + 3, count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 { out.append(place <= group.count ? alphabet[bits >> (6 * (3 - place)) & 63] : UInt8(ascii: "=")) }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
