import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// One call that applies, over sockets: on Lever the application makes the candidate, on the others the candidate comes
/// first.
@Suite(.timeLimit(.minutes(3))) struct ApplyTests {
    static let vendors = ["lever", "recruitee", "ashby", "greenhouse"]

    private static func file(_ at: Int, _ name: String) -> Form.Part {
        .file("attachments[\(at)][file]", name: name, type: "application/pdf", bytes: Form.pdf)
    }

    private static func form(job: String, email: String, files: Int = 3) -> Form {
        var parts: [Form.Part] = [
            .field("job_id", job), .field("candidate[first_name]", "Ada"), .field("candidate[last_name]", "Byron"),
            .field("candidate[emails][0][email]", email), .field("activities", #"[{"body": "Came by the form"}]"#),
        ]
        for at in 0..<files {
            parts.append(.field("attachments[\(at)][attachment_type]", at == 0 ? "resume" : "other"))
            parts.append(file(at, "file-\(at).pdf"))
        }
        return Form(parts)
    }

    private static func apply(
        _ gateway: TestGateway, _ form: Form, key: String? = nil, query: String = ""
    ) async throws -> Answer {
        try await gateway.call(
            .POST, gateway.path("applications", query),
            headers: [("content-type", form.contentType)] + (key.map { [("idempotency-key", $0)] } ?? []), body: form.body)
    }

    /// Status of each step by its name.
    private static func steps(_ response: Answer) -> [String] {
        (response.json["steps"]?.array ?? []).map { "\($0["name"]?.string ?? "")=\($0["status"]?.string ?? "")" }
    }

    private static func attachments(_ gateway: TestGateway, candidate: String, job: String) async throws -> [String] {
        let list = try await gateway.call(.GET, gateway.path("attachments", "candidate_id=\(candidate)"))
        return (list.json["result"]?.array ?? []).compactMap { $0["file_name"]?.string }
    }

    @Test(arguments: vendors) func `candidate, application, files and note are made by one call`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            let gateway = contract.gateway
            let job = try await contract.job()
            let response = try await Self.apply(gateway, Self.form(job: job, email: "ada@example.com"), key: "k1")
            #expect(response.status == 200, "\(String(buffer: response.body))")
            let made = vendor == "lever" || vendor == "greenhouse" ? [] : ["candidate=done"]
            #expect(
                Self.steps(response) == made + [
                    "application=done", "attachments[0]=done", "attachments[1]=done", "attachments[2]=done",
                    "activities[0]=done",
                ], "\(String(buffer: response.body))")
            #expect(response.json["warnings"] == [])
            #expect(response.json["job"]?["id"]?.string == job)
            let candidate = try #require(response.json["candidate"]?["id"]?.string)
            let names = try await Self.attachments(gateway, candidate: candidate, job: job)
            #expect(Set(names).isSuperset(of: ["file-1.pdf", "file-2.pdf"]))

            // The same again is answered from the record.
            let posts = try await gateway.received().count { $0["method"] != "GET" }
            #expect(posts > 0)
            let again = try await Self.apply(gateway, Self.form(job: job, email: "ada@example.com"), key: "k1")
            #expect(again.headers.first(name: "idempotency-replayed") == "true" && again.body == response.body)
            #expect(try await gateway.received().isEmpty)
        }
    }

    @Test func `JSON brings several files too`() async throws {
        try await VendorContract.run("lever") { contract in
            let gateway = contract.gateway
            let job = try await contract.job()
            let body: JSONValue = [
                "attachments": [
                    ["file": "JVBERi0xLjQK", "file_name": "a.pdf", "attachment_type": "resume"],
                    ["attachment_type": "other", "file_name": "b.pdf", "file": "data:application/pdf;base64,JVBERi0xLjQK"],
                ],
                "job_id": .string(job), "candidate": ["name": "Ada Byron", "emails": [["email": "json@example.com"]]],
            ]
            let response = try await gateway.call(
                .POST, gateway.path("applications"), headers: [("content-type", "application/json")],
                body: ByteBuffer(bytes: body.bytes()))
            #expect(response.status == 200, "\(String(buffer: response.body))")
            #expect(Self.steps(response) == ["application=done", "attachments[0]=done", "attachments[1]=done"])
            let candidate = try #require(response.json["candidate"]?["id"]?.string)
            #expect(Set(try await Self.attachments(gateway, candidate: candidate, job: job)) == ["a.pdf", "b.pdf"])
        }
    }

    /// The vendor refuses one file: the application stands, the response says what failed, and a repeat sends that alone.
    @Test(arguments: ["lever", "recruitee"]) func `a repeat goes on at the file that failed`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            let gateway = contract.gateway
            let job = try await contract.job()
            let path = vendor == "lever" ? "/v1/opportunities/*/files" : "/c/1/attachments"
            try await gateway.behave([
                "match": ["method": "POST", "path": .string(path)], "times": 1,
                "do": ["status": 422, "body": ["message": "not now"]],
            ])
            let form = Self.form(job: job, email: "ada@example.com", files: 2)
            let first = try await Self.apply(gateway, form, key: "k1")
            #expect(first.status == 200, "\(String(buffer: first.body))")
            #expect(Self.steps(first).count { $0.hasSuffix("=failed") } == 1, "\(Self.steps(first))")
            #expect(first.json["warnings"]?.array?.count == 1)
            _ = try await gateway.received()
            let second = try await Self.apply(gateway, form, key: "k1")
            #expect(second.status == 200)
            #expect(Self.steps(second).allSatisfy { $0.hasSuffix("=done") }, "\(Self.steps(second))")
            #expect(second.json["id"] == first.json["id"] && second.json["warnings"] == [])
            let other = try await Self.apply(gateway, Self.form(job: job, email: "eve@example.com", files: 2), key: "k1")
            #expect(other.status == 422 && other.json["code"] == "idempotency_key_reused")
        }
    }

    @Test func `what fails before the application is an error that says what was done`() async throws {
        try await VendorContract.run("recruitee") { contract in
            let gateway = contract.gateway
            let job = try await contract.job()
            try await gateway.behave([
                "match": ["method": "POST", "path": "/c/1/placements"], "times": 1,
                "do": ["status": 422, "body": ["error": ["no"]]],
            ])
            let form = Self.form(job: job, email: "ada@example.com", files: 1)
            let first = try await Self.apply(gateway, form, key: "k1")
            #expect(first.status == 422, "\(String(buffer: first.body))")
            #expect(Self.steps(first) == ["candidate=done", "application=failed"])
            let candidate = first.json["steps"]?.array?.first?["id"]
            let second = try await Self.apply(gateway, form, key: "k1")
            #expect(second.status == 200, "\(String(buffer: second.body))")
            #expect(second.json["steps"]?.array?.first?["id"] == candidate)
        }
    }

    @Test func `a candidate who is known is reused, or refused`() async throws {
        try await VendorContract.run("lever") { contract in
            let gateway = contract.gateway
            let job = try await contract.job()
            let form = Self.form(job: job, email: "twice@example.com", files: 0)
            let first = try await Self.apply(gateway, form)
            #expect(first.status == 200 && first.json["on_duplicate_candidate"] == "reuse")
            #expect(first.json["duplicate_policy_of"] == "vendor")
            let refused = try await Self.apply(gateway, form, query: "on_duplicate_candidate=fail")
            #expect(refused.status == 409 && refused.json["code"] == "duplicate_candidate")
            let reused = try await Self.apply(gateway, form, query: "on_duplicate_candidate=reuse")
            #expect(reused.status == 200 && Self.steps(reused).first == "candidate=reused")
        }
    }

    @Test(arguments: [
        ("{}", "missing_body_fields"),
        (#"{"job_id": "1"}"#, "missing_body_fields"),
        (#"{"job_id": "1", "candidate": {"name": "A"}, "candidate_id": "2"}"#, "invalid_body"),
        (#"{"job_id": "1", "candidate": {"name": "A"}, "attachments": [{"file_name": "a"}]}"#, "missing_file"),
        (#"{"job_id": "1", "candidate": {"name": "A"}, "attachments": [1]}"#, "invalid_json"),
        (#"{"job_id": "1", "candidate": {"name": "A"}, "on_duplicate_candidate": "maybe"}"#, "invalid_query_parameter"),
    ]) func `what cannot be meant is refused before anything is sent`(body: String, code: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(
                .POST, gateway.path("applications"), headers: [("content-type", "application/json")],
                body: ByteBuffer(string: body))
            #expect(response.status == 400 && response.json["code"]?.string == code, "\(String(buffer: response.body))")
            #expect(try await gateway.received().isEmpty)
        }
    }
}
