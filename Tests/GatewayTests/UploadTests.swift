import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Testing

/// docs/wire.md#request-bodies: the four ways to send a file, and what arrives.
@Suite struct UploadTests {
    static let base64 = "JVBERi0xLjQK"  // "%PDF-1.4\n"

    private func file(in state: JSONValue, upload id: String) -> JSONValue? {
        state["uploads"]?.array?.first { $0["id"]?.string == id }
    }

    @Test func `a form without a candidate becomes a temporary upload`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(Form(Form.resume))
            #expect(response.status == 200, "\(response.json.text())")
            #expect(response.json["file_name"] == "resume.pdf")
            #expect(response.json["id"]?.string?.hasSuffix("-resume.pdf") == true)
            #expect(response.json["remote_data"]?["size"]?.int == Form.pdf.count)
            #expect(response.headers.first(name: "x-request-id")?.isEmpty == false)
            let received = try await gateway.received()
            #expect(received.count == 1)
            #expect(received[0]["path"] == "/v1/uploads")
            let part = received[0]["parts"]?.array?.first
            #expect(part?["name"] == "file")
            #expect(part?["filename"] == "resume.pdf")
            #expect(part?["type"] == "application/pdf")
            #expect(part?["size"]?.int == Form.pdf.count)
        }
    }

    @Test(arguments: [
        [Form.Part.field("candidate_id", TestGateway.opportunity), Form.resume],
        [Form.resume, Form.Part.field("candidate_id", TestGateway.opportunity)],
        [Form.Part.field("candidate[id]", TestGateway.opportunity), Form.resume],
        [Form.resume, Form.Part.field("application_id", TestGateway.opportunity)],
        [Form.Part.field("application[id]", TestGateway.opportunity), Form.Part.field("attachment_type", "resume"), Form.resume],
    ])
    func `a form with a candidate becomes a file on it, wherever the fields stand`(parts: [Form.Part]) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(Form(parts), query: "remote_query[perform_as]=\(TestGateway.performAs)")
            #expect(response.status == 200, "\(response.json.text())")
            #expect(response.json["candidate"]?["id"]?.string == TestGateway.opportunity)
            #expect(response.json["created_at"]?.string?.hasSuffix("Z") == true)
            let received = try await gateway.received()
            #expect(received[0]["path"]?.string == "/v1/opportunities/\(TestGateway.opportunity)/files")
            #expect(received[0]["query"]?["perform_as"]?.string == TestGateway.performAs)
        }
    }

    @Test(arguments: ["application/json", "text/plain", "text/plain;charset=UTF-8"])
    func `json carries the file as base64 or as a data URI`(type: String) async throws {
        try await TestGateway.run { gateway in
            for file in [Self.base64, "data:application/pdf;base64," + Self.base64, "JVBERi0xLjQK\\n"] {
                let response = try await gateway.uploadJSON(
                    ["file": .string(file.replacing("\\n", with: "")), "file_name": "cv.pdf"], type: type)
                #expect(response.status == 200, "\(response.json.text())")
                #expect(response.json["file_name"] == "cv.pdf")
                #expect(response.json["remote_data"]?["size"]?.int == 9)
            }
        }
    }

    @Test func `any other body is the file itself`() async throws {
        try await TestGateway.run { gateway in
            for (headers, query) in [
                ([("content-type", "application/pdf"), ("content-disposition", "attachment; filename=\"cv.pdf\"")], ""),
                ([("content-type", "application/pdf")], "file_name=cv.pdf"),
                (
                    [
                        ("content-type", "application/pdf"),
                        ("content-disposition", "attachment; filename=\"x.pdf\"; filename*=UTF-8''cv.pdf"),
                    ], ""
                ),
            ] {
                let response = try await gateway.call(
                    .POST, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&\(query)",
                    headers: headers, body: ByteBuffer(bytes: Form.pdf))
                #expect(response.status == 200, "\(response.json.text())")
                #expect(response.json["file_name"] == "cv.pdf")
            }
        }
    }

    @Test func `a passed-through body reaches the provider byte for byte`() async throws {
        try await TestGateway.run { gateway in
            let form = Form(Form.resume)
            let response = try await gateway.upload(form, query: "truto_body_passthrough=true")
            #expect(response.status == 200, "\(response.json.text())")
            let received = try await gateway.received()
            #expect(received[0]["body_size"]?.int == form.body.readableBytes)
            #expect(received[0]["parts"]?.array?.first?["filename"] == "resume.pdf")
        }
    }

    @Test(arguments: [
        "Müller \"Lebenslauf\".pdf", "履歴書.pdf", "😀.pdf", "../../etc/passwd.pdf", "a\\b\\c.pdf", "%22quoted%22.pdf",
    ])
    func `names arrive safe and whole`(name: String) async throws {
        try await TestGateway.run { gateway in
            let escaped = name.replacing("\"", with: "%22")
            let response = try await gateway.upload(
                Form(.file("file", name: escaped, type: "application/pdf", bytes: Form.pdf)))
            #expect(response.status == 200, "\(response.json.text())")
            let received = try await gateway.received()
            let arrived = try #require(received[0]["parts"]?.array?.first?["filename"]?.string)
            #expect(!arrived.contains("/") && !arrived.contains("\\") && arrived.hasSuffix(".pdf"))
        }
    }

    @Test func `remote data joins the outgoing form and wins`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(
                Form(.field("remote_data", #"{"note":"hi","deep":{"a":1}}"#), .field("remote_data[more]", "x"), Form.resume))
            #expect(response.status == 400)
            let second = try await gateway.upload(
                Form(.field("remote_data", #"{"note":"hi","deep":{"a":1}}"#), Form.resume))
            #expect(second.status == 200, "\(second.json.text())")
            let names = try await gateway.received().last?["parts"]?.array?.compactMap { $0["name"]?.string } ?? []
            #expect(Set(names) == ["file", "note", "deep[a]"])
        }
    }
}
