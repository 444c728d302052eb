import JSON
import NIOCore
import NIOHTTP1
import Testing

/// docs/wire.md#request-bodies, docs/wire.md#responses: what a caller gives is carried out, told of or refused.
@Suite(.timeLimit(.minutes(3))) struct NothingDroppedTests {
    private static func post(
        _ gateway: TestGateway, _ path: String, _ body: JSONValue, key: String? = nil
    ) async throws -> Answer {
        try await gateway.call(
            .POST, "/unified/ats/\(path)?integrated_account_id=\(gateway.accountID)",
            headers: [("content-type", "application/json")] + (key.map { [("idempotency-key", $0)] } ?? []),
            body: ByteBuffer(bytes: body.bytes()))
    }

    private static let candidate: JSONValue = [
        "first_name": "Ada", "last_name": "Byron", "emails": [["email": "ada@example.com"]],
    ]

    /// Members that warnings name, with the step where one says so.
    private static func told(_ response: Answer) -> [String] {
        (response.json["warnings"]?.array ?? []).filter { $0["code"] == "not_supported" }.map { warning in
            (warning["step"]?.string.map { "\($0): " } ?? "") + (warning["param"]?.string ?? "")
        }
    }

    @Test func `an application says what its vendor has no place for`() async throws {
        try await VendorContract.run("jazzhr") { contract in
            let job = try await contract.job()
            let body: JSONValue = [
                "job_id": .string(job), "candidate": Self.candidate, "applied_at": "2026-11-01T10:00:00Z",
                "source": ["name": "Fair"], "user_id": "7",
            ]
            let response = try await Self.post(contract.gateway, "applications", body)
            #expect(response.status == 200, "\(response.json.text())")
            #expect(Self.told(response).contains("applied_at"), "\(response.json.text())")
            #expect(!Self.told(response).contains("source"), "\(response.json.text())")
        }
    }

    @Test func `any other write says so beside its record`() async throws {
        try await VendorContract.run("lever") { contract in
            let target = try #require(contract.targets.first { $0.name == "candidate_id" }?.value)
            let note: JSONValue = ["candidate_id": .string(target), "body": "Hello", "subject": "A subject"]
            let response = try await Self.post(contract.gateway, "activities", note)
            #expect(response.status == 200, "\(response.json.text())")
            #expect(response.json["id"] != nil && Self.told(response) == ["subject"], "\(response.json.text())")
            let plain = try await Self.post(contract.gateway, "activities", ["candidate_id": .string(target), "body": "Hello"])
            #expect(plain.status == 200 && plain.json["warnings"] == nil, "\(plain.json.text())")
        }
    }

    /// A call, a body that is wrong in one place, and that place.
    static let wrong: [(String, JSONValue, String, String)] = [
        ("activities", ["candidate_id": "1", "body": "x", "created_at": "yesterday"], "invalid_body", "created_at"),
        ("activities", ["candidate_id": "1", "body": ["x"]], "invalid_body", "body"),
        ("candidates", ["name": "Ada", "emails": "ada@example.com"], "invalid_body", "emails"),
        ("candidates", ["name": "Ada", "can_email": "perhaps"], "invalid_body", "can_email"),
        ("candidates", ["firstName": "Ada"], "unknown_body_field", "firstName"),
        ("candidates", ["name": "Ada", "attachments": [["file": "JVBERi0xLjQK"]]], "file_not_taken", "attachments"),
        ("candidates", ["name": "Ada", "file": "JVBERi0xLjQK"], "file_not_taken", "file"),
        ("applications", ["job_id": "1", "candidate": candidate, "applied_at": "soon"], "invalid_body", "applied_at"),
        (
            "applications", ["job_id": "1", "candidate": ["name": "Ada", "phones": ["1"]]], "invalid_body", "candidate[phones][0]"
        ),
        (
            "applications", ["job_id": "1", "candidate": candidate, "activities": [["body": "x", "created_at": "soon"]]],
            "invalid_body", "activities[0][created_at]"
        ),
        (
            "applications", ["job_id": "1", "candidate": ["name": "Ada", "attachments": [["file": "JVBERi0xLjQK"]]]],
            "file_not_taken", "candidate[attachments]"
        ),
    ]

    @Test func `a value that cannot be what it should is refused by its place before anything is sent`() async throws {
        try await VendorContract.run("lever") { contract in
            _ = try await contract.gateway.received()
            for (path, body, code, place) in Self.wrong {
                let response = try await Self.post(contract.gateway, path, body)
                #expect(response.status == 400, "\(path) \(body.text()): \(response.json.text())")
                #expect(response.json["code"]?.string == code && response.json["param"]?.string == place, "\(response.json.text())")
            }
            let form = Form([
                .field("name", "Ada"), .file("attachments[0][file]", name: "a.pdf", type: "application/pdf", bytes: Form.pdf),
            ])
            let response = try await contract.gateway.call(
                .POST, contract.gateway.path("candidates"), headers: [("content-type", form.contentType)], body: form.body)
            #expect(response.status == 400 && response.json["code"] == "file_not_taken", "\(response.json.text())")
            #expect(try await contract.gateway.received().isEmpty)
        }
    }

    @Test func `remote_data reaches the step that makes the application`() async throws {
        try await VendorContract.run("breezy") { contract in
            let job = try await contract.job()
            _ = try await contract.gateway.received()
            _ = try await Self.post(
                contract.gateway, "applications",
                ["job_id": .string(job), "candidate": Self.candidate, "stage_id": "s", "remote_data": ["summary": "Own"]])
            let made = try await contract.gateway.received().filter { $0["method"] == "POST" }
            #expect(made.count == 1)
            #expect(made.first?.text().contains("Own") == true, "\(made)")
        }
    }

    @Test func `what was made and then refused is failed, and not made again`() async throws {
        try await VendorContract.run("breezy") { contract in
            let gateway = contract.gateway
            let job = try await contract.job()
            try await gateway.behave([
                "match": ["method": "PUT"], "times": 1, "do": ["status": 404, "body": ["error": "no such stage"]],
            ])
            _ = try await gateway.received()
            let body: JSONValue = ["job_id": .string(job), "candidate": Self.candidate, "stage_id": "nowhere"]
            let first = try await Self.post(gateway, "applications", body, key: "k1")
            #expect(first.status == 404, "\(first.json.text())")
            #expect(first.json["steps"]?.array?.first?["status"] == "failed", "\(first.json.text())")
            #expect(first.json["steps"]?.array?.first?["http_status"] == 404)
            let second = try await Self.post(gateway, "applications", body, key: "k1")
            #expect(try await gateway.received().count { $0["method"] == "POST" } == 1, "\(second.json.text())")
        }
    }
}
