import Catalog
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import TestSupport
import Testing

/// Vendors that take files inside the call that makes the application, over sockets.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ApplyFilesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var vendor: String
        /// The call that makes the application.
        var path: String
        var kinds: [String]
        /// The fields of the form beside job, candidate and files.
        var fields: [String: String] = [:]
        /// The type of a question to answer: the application then goes through the vendor's form.
        var answered: String?
        /// Each step with its state, and what it went with.
        var steps: [String]
        /// Files of the list that the vendor has no place for.
        var untaken: [String] = []
        /// Names that the vendor lists afterwards; nil where it lists none.
        var listed: [String]?
        /// Whether the vendor's lists can tell what became of an application.
        var canFind = true
        var testDescription: String { vendor }
    }

    static let rows: [Row] = [
        Row(
            vendor: "jobvite", path: "/api/v2/candidate", kinds: ["other", "resume", "resume"],
            steps: ["application=done", "attachments[1]=done with application"],
            untaken: ["attachments[0]", "attachments[2]"]),
        Row(
            vendor: "personio", path: "/v1/recruiting/applications", kinds: ["resume", "cover_letter", "other"],
            steps: ["attachments[0]=done", "attachments[1]=done", "attachments[2]=done", "application=done"]),
        Row(
            vendor: "welcomekit", path: "/api/v1/external/candidates", kinds: ["other", "resume"], fields: ["stage_id": "11"],
            steps: ["application=done", "attachments[0]=done", "attachments[1]=done with application"],
            listed: ["file-0.pdf", "file-1.pdf"], canFind: false),
        Row(
            vendor: "bamboohr", path: "/api/v1/applicant_tracking/application", kinds: ["resume", "cover_letter", "other"],
            steps: [
                "application=done", "attachments[0]=done with application", "attachments[1]=done with application",
            ], untaken: ["attachments[2]"], listed: ["file-0.pdf", "file-1.pdf"]),
        Row(
            vendor: "talentlyft", path: "/v2/candidates", kinds: ["other", "resume", "cover_letter"],
            steps: [
                "application=done", "attachments[0]=done with application", "attachments[1]=done with application",
                "attachments[2]=done with application",
            ], listed: ["file-0.pdf", "file-1.pdf", "file-2.pdf"]),
        Row(
            vendor: "pinpoint", path: "/api/v1/applications", kinds: ["resume", "other"],
            steps: ["application=done", "attachments[0]=done with application", "attachments[1]=done"],
            listed: ["file-0.pdf", "file-1.pdf"]),
        Row(
            vendor: "lever", path: "/v1/postings/*/apply", kinds: ["other", "resume"], answered: "textarea",
            steps: ["application=done", "attachments[0]=done", "attachments[1]=done with application"],
            listed: ["file-0.pdf", "file-1.pdf"]),
        Row(
            vendor: "ashby", path: "/applicationForm.submit", kinds: ["resume", "other"], answered: "textarea",
            steps: ["application=done", "attachments[0]=done with application", "attachments[1]=done"],
            listed: ["file-0.pdf", "file-1.pdf"]),
    ]

    /// The form of a call, with an answer where the vendor's own form is to be used.
    private static func form(_ row: Row, _ contract: VendorContract) async throws -> Form {
        let job = try await contract.job()
        var parts: [Form.Part] = [
            .field("job_id", job), .field("candidate[first_name]", "Ada"), .field("candidate[last_name]", "Byron"),
            .field("candidate[emails][0][email]", "ada@example.com"), .field("candidate[phones][0][number]", "+44 20 7946 0000"),
        ]
        for (name, value) in row.fields { parts.append(.field(name, value)) }
        if let kind = row.answered {
            let fields = try await contract.gateway.call(.GET, contract.gateway.path("job_form_fields", "job_id=\(job)"))
            let own = ["fullName", "email", "phone", "currentCompany", "currentLocation", "_systemfield_name"]
            let questions = (fields.json["result"]?.array ?? []).filter { field in
                field["type"]?.string == kind && !own.contains(field["name"]?.string ?? "")
            }
            let question = questions.first { $0["is_required"] == true } ?? questions.first
            let id = try #require(question?["id"]?.string, "\(fields.json.text())")
            parts.append(.field("answers", #"[{"id": "\#(id)", "value": "So it is"}]"#))
        }
        for (at, kind) in row.kinds.enumerated() {
            parts.append(.field("attachments[\(at)][attachment_type]", kind))
            parts.append(.file("attachments[\(at)][file]", name: "file-\(at).pdf", type: "application/pdf", bytes: Form.pdf))
        }
        return Form(parts)
    }

    private static func apply(_ contract: VendorContract, _ form: Form) async throws -> Answer {
        try await contract.gateway.call(
            .POST, contract.gateway.path("applications"),
            headers: [("content-type", form.contentType), ("idempotency-key", "k1")], body: form.body)
    }

    private static func steps(_ response: Answer) -> [String] {
        (response.json["steps"]?.array ?? []).map { step in
            let with = step["with"]?.string.map { " with \($0)" } ?? ""
            return "\(step["name"]?.string ?? "")=\(step["status"]?.string ?? "")" + with
        }
    }

    /// How often the vendor was asked to make the application.
    private static func sent(_ requests: [JSONValue], _ row: Row) -> Int {
        requests.count { request in
            guard request["method"] == "POST", let path = request["path"]?.string else { return false }
            let parts = row.path.split(separator: "*", omittingEmptySubsequences: false)
            return path.hasPrefix(parts[0]) && path.hasSuffix(parts[parts.count - 1]) && (parts.count > 1 || path == row.path)
        }
    }

    private static func check(_ response: Answer, _ row: Row, _ contract: VendorContract) async throws {
        #expect(response.status == 200, "\(String(buffer: response.body))")
        #expect(steps(response) == row.steps, "\(String(buffer: response.body))")
        let warnings = response.json["warnings"]?.array ?? []
        #expect(warnings.compactMap { $0["param"]?.string } == row.untaken && warnings.count == row.untaken.count)
        guard let listed = row.listed, let candidate = response.json["candidate"]?["id"]?.string else { return }
        let ids = ["candidate_id": candidate, "application_id": response.json["id"]?.string ?? ""]
        let needed = Set(contract.plans["list"]?.unifiedMethod.requires.flatMap(\.self) ?? [])
        let query = needed.sorted().compactMap { name in ids[name].map { "\(name)=\(VendorContract.escaped($0))" } }
            .joined(separator: "&")
        // One vendor fetches files in its own time.
        var names: [String] = []
        for _ in 0..<200 {
            names = []
            var cursor = ""
            repeat {
                let list = try await contract.gateway.call(.GET, contract.gateway.path("attachments", query + cursor))
                names += (list.json["result"]?.array ?? []).compactMap { $0["file_name"]?.string }
                cursor = list.json["next_cursor"]?.string.map { "&next_cursor=" + VendorContract.escaped($0) } ?? ""
            } while !cursor.isEmpty
            names.sort()
            if names.count >= listed.count { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(names == listed)
    }

    @Test(arguments: rows) func `files go with the application, and the others behind it`(row: Row) async throws {
        try await VendorContract.run(row.vendor) { contract in
            let form = try await Self.form(row, contract)
            _ = try await contract.gateway.received()
            let response = try await Self.apply(contract, form)
            #expect(Self.sent(try await contract.gateway.received(), row) == 1)
            try await Self.check(response, row, contract)
            _ = try await contract.gateway.received()
            let again = try await Self.apply(contract, form)
            #expect(again.headers.first(name: "idempotency-replayed") == "true" && again.body == response.body)
            #expect(try await contract.gateway.received().isEmpty)
        }
    }

    /// The files are on their way with the application when the vendor refuses it.
    @Test(arguments: rows) func `an application that was refused is made with its files by the repeat`(row: Row) async throws {
        try await VendorContract.run(row.vendor) { contract in
            let form = try await Self.form(row, contract)
            try await contract.gateway.behave([
                "match": ["method": "POST", "path": .string(row.path)], "times": 1,
                "do": ["status": 422, "body": ["error": ["message": "not now"]]],
            ])
            let first = try await Self.apply(contract, form)
            #expect(first.status == 422, "\(String(buffer: first.body))")
            #expect(!Self.steps(first).contains { $0.contains(" with ") && $0.contains("=done") }, "\(Self.steps(first))")
            // Nothing is left of what came before it, such as an upload.
            #expect(Self.steps(first).contains { $0.hasSuffix("=failed") }, "\(Self.steps(first))")
            #expect(!Self.steps(first).contains { $0.contains("=unknown") }, "\(Self.steps(first))")
            try await Self.check(try await Self.apply(contract, form), row, contract)
        }
    }

    /// The vendor has the application and its files, and the response is lost.
    @Test(arguments: rows) func `an application without a response is looked for, and its files with it`(row: Row) async throws {
        try await VendorContract.run(row.vendor) { contract in
            let form = try await Self.form(row, contract)
            try await contract.gateway.behave([
                "match": ["method": "POST", "path": .string(row.path)], "times": 1, "do": ["reset_at_byte": 0, "side": "response"],
            ])
            _ = try await contract.gateway.received()
            let first = try await Self.apply(contract, form)
            #expect(first.status >= 500 || first.json["code"] == "outcome_unknown", "\(String(buffer: first.body))")
            let second = try await Self.apply(contract, form)
            #expect(Self.sent(try await contract.gateway.received(), row) == 1)
            if row.canFind {
                try await Self.check(second, row, contract)
            } else {
                #expect(second.status != 200 && Self.steps(second).first == "application=unknown", "\(String(buffer: second.body))")
            }
        }
    }

    /// A file at an address is fetched first, except where the vendor fetches it by itself.
    @Test(arguments: [("jobvite", JSONValue.null), ("bamboohr", .null), ("welcomekit", "11")])
    func `a file at an address goes along too`(vendor: String, stage: JSONValue) async throws {
        let script = RawServer.Script.response(
            "200 OK", "content-type: application/pdf\r\n", body: String(decoding: Form.pdf, as: UTF8.self))
        try await RawServer.run(script) { source in
            try await TestGateway.run(
                sandbox: .named(vendor), holes: ["127.0.0.1:\(source.port)"],
                connecting: { try VendorContract.account($0, $1, vendor) }
            ) { gateway in
                let jobs = try await gateway.call(.GET, gateway.path("jobs"))
                let job = jobs.json["result"]?.array?.first?["id"]?.string ?? gateway.sandbox.target("job") ?? ""
                let body: JSONValue = [
                    "job_id": .string(job), "stage_id": stage,
                    "candidate": ["first_name": "Ada", "last_name": "Byron", "emails": [["email": "ada@example.com"]]],
                    "attachments": [["file_url": .string(source.url + "/cv.pdf"), "attachment_type": "resume"]],
                ]
                let response = try await gateway.call(
                    .POST, gateway.path("applications"), headers: [("content-type", "application/json")],
                    body: ByteBuffer(bytes: body.bytes()))
                #expect(response.status == 200, "\(String(buffer: response.body))")
                #expect(Self.steps(response) == ["application=done", "attachments[0]=done with application"])
            }
        }
    }

    @Test(arguments: [
        ("bamboohr", "cv.exe", "application/x-msdownload", "file_type_not_accepted"),
        ("welcomekit", "cv.png", "image/png", "file_type_not_accepted"),
    ])
    func `a file that the vendor does not take is refused before anything is made`(
        vendor: String, name: String, type: String, code: String
    ) async throws {
        try await VendorContract.run(vendor) { contract in
            let form = Form(
                .field("job_id", try await contract.job()), .field("stage_id", "11"), .field("candidate[first_name]", "Ada"),
                .field("candidate[last_name]", "Byron"), .field("candidate[emails][0][email]", "ada@example.com"),
                .field("attachments[0][attachment_type]", "resume"),
                .file("attachments[0][file]", name: name, type: type, bytes: Form.pdf))
            _ = try await contract.gateway.received()
            let response = try await Self.apply(contract, form)
            #expect(response.status == 400 || response.status == 415, "\(String(buffer: response.body))")
            #expect(response.json["code"]?.string == code && response.json["param"] == "attachments[0][file]")
            #expect(try await contract.gateway.received().allSatisfy { $0["method"] == "GET" })
        }
    }
}
