import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import TestSupport

/// The file itself: its bytes as they come, under a safe name, and only from the provider.
@Suite struct DownloadTests {
    static let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    /// Stores a file on the opportunity and gives its `file_url`.
    private func stored(_ gateway: TestGateway, name: String = "Lebenslauf Müller.pdf") async throws -> String {
        let form = Form(
            .field("candidate_id", TestGateway.opportunity),
            .file("file", name: name, type: "application/pdf", bytes: Self.bytes))
        let response = try await gateway.upload(form, query: "remote_query[perform_as]=\(TestGateway.performAs)")
        return try #require(response.json["file_url"]?.string, "\(response.json.text())")
    }

    private func download(
        _ gateway: TestGateway, _ url: String, query: String = "", headers: [(String, String)] = []
    ) async throws -> Answer {
        let encoded = url.replacing("%", with: "%25").replacing("&", with: "%26")
        return try await gateway.call(
            .POST,
            "/unified/ats/attachments/download?integrated_account_id=\(gateway.accountID)&file_url=\(encoded)&\(query)",
            headers: headers)
    }

    @Test(arguments: ["", "truto_response_format=stream", "truto_response_format=raw"])
    func `a download is the provider's bytes, type and a safe name`(query: String) async throws {
        try await TestGateway.run { gateway in
            let url = try await stored(gateway)
            _ = try await gateway.received()
            let response = try await download(gateway, url, query: query)
            #expect(response.status == 200, "\(response.json.text())")
            #expect(Array(response.body.readableBytesView) == Self.bytes)
            #expect(response.headers.first(name: "content-type") == "application/pdf")
            #expect(response.headers.first(name: "content-length") == "300000")
            #expect(response.headers.first(name: "x-content-type-options") == "nosniff")
            let disposition = response.headers.first(name: "content-disposition") ?? ""
            #expect(disposition.hasPrefix("attachment; filename=\"Lebenslauf"), "\(disposition)")
            #expect(disposition.contains("filename*=UTF-8''Lebenslauf%20M%C3%BCller.pdf"), "\(disposition)")
        }
    }

    @Test func `a hostile name is made safe`() async throws {
        try await TestGateway.run { gateway in
            let url = try await stored(gateway)
            try await gateway.behave([
                "match": ["method": "GET"],
                "do": [
                    "status": 200, "body": "x",
                    "headers": [
                        "content-type": "text/html",
                        "content-disposition": "inline; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd%0D%0Aset-cookie:%20a=b",
                    ],
                ],
            ])
            let response = try await download(gateway, url)
            let disposition = response.headers.first(name: "content-disposition") ?? ""
            #expect(disposition.hasPrefix("attachment;") && !disposition.contains("/") && !disposition.contains(".."))
            #expect(response.headers.first(name: "set-cookie") == nil)
        }
    }

    @Test func `a range goes through, and what came of it comes back`() async throws {
        try await TestGateway.run { gateway in
            let url = try await stored(gateway)
            _ = try await gateway.received()
            try await gateway.behave([
                "match": ["method": "GET"], "times": 1,
                "do": [
                    "status": 206, "body": "abc",
                    "headers": [
                        "content-type": "application/pdf", "content-range": "bytes 10-12/300000", "accept-ranges": "bytes",
                        "etag": "\"v1\"",
                    ],
                ],
            ])
            let response = try await download(gateway, url, headers: [("range", "bytes=10-12"), ("if-range", "\"v1\"")])
            #expect(response.status == 206)
            #expect(String(buffer: response.body) == "abc")
            #expect(response.headers.first(name: "content-range") == "bytes 10-12/300000")
            #expect(response.headers.first(name: "accept-ranges") == "bytes")
            #expect(response.headers.first(name: "etag") == "\"v1\"")
            let asked = try await gateway.received()[0]["headers"]
            #expect(asked?["range"] == "bytes=10-12", "\(asked?.text() ?? "")")
            #expect(asked?["if-range"] == "\"v1\"")
        }
    }

    @Test func `a range that cannot be had is 416 with the size`() async throws {
        try await TestGateway.run { gateway in
            let url = try await stored(gateway)
            try await gateway.behave([
                "match": ["method": "GET"],
                "do": ["status": 416, "headers": ["content-range": "bytes */300000"], "body": ["message": "no such range"]],
            ])
            let response = try await download(gateway, url, headers: [("range", "bytes=999999-")])
            #expect(response.status == 416)
            #expect(response.headers.first(name: "content-range") == "bytes */300000")
            #expect(response.json["code"] == "remote_error")
        }
    }

    @Test(arguments: [
        ("https://evil.example/v1/opportunities/a/files/b/download", 400, "egress_refused"),
        ("http://127.0.0.2/v1/opportunities/a/files/b/download", 400, "egress_refused"),
        ("not-an-address", 400, "invalid_query_parameter"),
        ("https://hire.lever.co/candidates/\(TestGateway.opportunity)/files/nothing/download", 404, "remote_error"),
    ])
    func `only hosts of the integration are asked`(url: String, status: Int, code: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await download(gateway, url)
            #expect(response.status == status, "\(response.json.text())")
            #expect(response.json["code"]?.string == code, "\(response.json.text())")
            if status == 400 { #expect(try await gateway.received().isEmpty) }
            if code == "invalid_query_parameter" { #expect(response.json["hint"]?.string?.contains("file_url") == true) }
        }
    }

    @Test func `credentials stay behind when the provider redirects to another host`() async throws {
        try await RawServer.run(.response("200 OK", "content-type: image/png\r\n", body: "png")) { store in
            try await TestGateway.run(holes: ["127.0.0.1:\(store.port)"]) { gateway in
                let url = try await stored(gateway)
                try await gateway.behave([
                    "match": ["method": "GET"], "do": ["status": 302, "headers": ["location": .string(store.url + "/signed?x=1")]],
                ])
                let response = try await download(gateway, url)
                #expect(response.status == 200, "\(response.json.text())")
                #expect(String(buffer: response.body) == "png")
                let request = try #require(store.record.requests.first).lowercased()
                #expect(request.hasPrefix("get /signed?x=1 "))
                #expect(!request.contains("authorization"))
            }
        }
    }

    @Test func `a redirect inside is refused`() async throws {
        try await TestGateway.run { gateway in
            let url = try await stored(gateway)
            try await gateway.behave([
                "match": ["method": "GET"], "do": ["status": 302, "headers": ["location": "http://169.254.169.254/"]],
            ])
            let response = try await download(gateway, url)
            #expect(response.status == 400)
            #expect(response.json["code"] == "egress_refused")
        }
    }

    @Test func `a download that breaks off is not taken for whole`() async throws {
        try await TestGateway.run { gateway in
            let url = try await stored(gateway)
            try await gateway.behave(["match": ["method": "GET"], "do": ["reset_at_byte": 100_000, "side": "response"]])
            await #expect(throws: (any Error).self) { try await download(gateway, url) }
        }
    }
}
