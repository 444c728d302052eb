import JSON
import NIOCore
import NIOHTTP1
import Testing

/// What a vendor cannot do is refused, and what it takes one at a time is sent one at a time: nothing is dropped.
@Suite(.timeLimit(.minutes(3))) struct RefusalTests {
    private static func post(_ gateway: TestGateway, _ path: String, _ body: JSONValue) async throws -> Answer {
        try await gateway.call(
            .POST, "/unified/ats/\(path)?integrated_account_id=\(gateway.accountID)",
            headers: [("content-type", "application/json")], body: ByteBuffer(bytes: body.bytes()))
    }

    /// Method and path of what the vendor was sent since the last time, calls that only read left out where asked.
    private static func sent(_ gateway: TestGateway, all: Bool = true) async throws -> [String] {
        try await gateway.received().map { "\($0["method"]?.string ?? "") \($0["path"]?.string ?? "")" }
            .filter { all || !$0.hasPrefix("GET ") }
    }

    @Test(arguments: [
        ("jazzhr", "/v1/categories2applicants"), ("bullhorn", "/entity/Tearsheet/"), ("ashby", "/candidate.addTag"),
    ])
    func `every given tag is put on, however many there are`(vendor: String, path: String) async throws {
        try await VendorContract.run(vendor) { contract in
            let gateway = contract.gateway
            let list = try await gateway.call(.GET, "/unified/ats/tags?integrated_account_id=\(gateway.accountID)&limit=7")
            let tags = (list.json["result"]?.array ?? []).prefix(7).compactMap { $0["id"] }
            // One more than there used to be steps, at least.
            try #require(tags.count >= 6, "\(list.json.text())")
            let candidate = try #require(contract.targets.first { $0.name == "candidate_id" }?.value)
            _ = try await gateway.received()
            let response = try await Self.post(
                gateway, "candidates/tag",
                ["candidate_id": .string(candidate), "tags": .array(tags.map { ["id": $0] })])
            #expect(response.status == 200, "\(response.json.text())")
            let sent = try await Self.sent(gateway)
            #expect(sent.count { $0.contains(path) } == tags.count, "\(sent)")
        }
    }

    @Test(
        arguments: [
            ("jazzhr", "candidates/tag", ["tags": [["name": "Senior"]]], "tags"),
            ("bullhorn", "candidates/tag", ["tags": [["id": "1"], ["name": "Senior"]]], "tags"),
            ("zoho-recruit", "candidates/tag", ["tags": [["name": "Senior"], ["id": "1"]]], "tags"),
            ("recruitee", "candidates/tag", ["tags": [["id": "1"]]], "tags"),
            ("bamboohr", "attachments", ["file": "JVBERi0xLjQK", "file_name": "a.pdf", "attachment_type": "other"], "attachment_type"),
            ("gem", "attachments", ["file": "JVBERi0xLjQK", "file_name": "a.pdf", "attachment_type": "cover_letter"], "attachment_type"),
            ("icims", "attachments", ["file": "JVBERi0xLjQK", "file_name": "a.pdf", "attachment_type": "other"], "attachment_type"),
            ("personio", "attachments", ["file": "JVBERi0xLjQK", "file_name": "a.pdf", "application_id": "1"], "application_id"),
            ("personio", "attachments", ["file": "JVBERi0xLjQK", "file_name": "a.pdf", "candidate_id": "1"], "candidate_id"),
        ] as [(String, String, JSONValue, String)])
    func `what the vendor cannot do is refused before anything is sent`(
        vendor: String, path: String, body: JSONValue, parameter: String
    ) async throws {
        try await VendorContract.run(vendor) { contract in
            var whole = body.object ?? [:]
            for target in contract.targets { whole[target.name] = .string(target.value) }
            // Opens the session, where the vendor has one.
            _ = try await contract.gateway.call(
                .GET, "/unified/ats/users?integrated_account_id=\(contract.gateway.accountID)")
            _ = try await contract.gateway.received()
            let response = try await Self.post(contract.gateway, path, .object(whole))
            #expect(response.status == 400, "\(response.json.text())")
            #expect(response.json["param"]?.string == parameter, "\(response.json.text())")
            #expect(try await Self.sent(contract.gateway) == [])
        }
    }

    @Test func `a field behind the file is refused before the file is sent`() async throws {
        try await VendorContract.run("bamboohr") { contract in
            var parts: [Form.Part] = [.file("file", name: "a.pdf", type: "application/pdf", bytes: Form.pdf)]
            parts += contract.targets.map { .field($0.name, $0.value) } + [.field("attachment_type", "other")]
            let response = try await contract.gateway.upload(Form(parts))
            #expect(response.status == 400, "\(response.json.text())")
            #expect(response.json["param"]?.string == "attachment_type")
            #expect(try await Self.sent(contract.gateway, all: false) == [])
        }
    }

    @Test func `what a step shows to be impossible is refused before the call itself`() async throws {
        try await VendorContract.run("greenhouse") { contract in
            let gateway = contract.gateway
            let made = try await Self.post(gateway, "candidates", ["first_name": "Ada", "last_name": "Byron"])
            let candidate = try #require(made.json["id"]?.string, "\(made.json.text())")
            _ = try await gateway.received()
            let response = try await Self.post(
                gateway, "attachments",
                ["candidate_id": .string(candidate), "file": "JVBERi0xLjQK", "file_name": "a.pdf"])
            #expect(response.status == 400, "\(response.json.text())")
            #expect(response.json["param"]?.string == "candidate_id")
            let sent = try await Self.sent(gateway)
            #expect(sent.count == 1 && sent.allSatisfy { $0.hasPrefix("GET ") }, "\(sent)")
        }
    }

    @Test(arguments: [("setup.exe", "application/octet-stream", 415), ("setup.pdf", "application/pdf", 200)])
    func `a type that the vendor refuses is not sent`(name: String, type: String, status: Int) async throws {
        try await VendorContract.run("zoho-recruit") { contract in
            var parts = contract.targets.filter { $0.name == "candidate_id" }.map { Form.Part.field($0.name, $0.value) }
            parts.append(.file("file", name: name, type: type, bytes: Form.pdf))
            let response = try await contract.gateway.upload(Form(parts))
            #expect(response.status == status, "\(response.json.text())")
            #expect(try await Self.sent(contract.gateway, all: false).isEmpty == (status == 415))
            let capabilities = try await contract.gateway.call(.GET, "/integration/zoho-recruit/capabilities?resource=attachments")
            let create = capabilities.json["unified"]?.array?.first?["method_details"]?["create"]
            #expect(create?["refused_types"] == [".exe"])
        }
    }
}
