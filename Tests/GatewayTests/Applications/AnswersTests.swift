import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// Answers to a job's form fields, in one call with the application.
@Suite(.timeLimit(.minutes(3))) struct AnswersTests {
    private static func apply(_ gateway: TestGateway, _ body: JSONValue) async throws -> Answer {
        try await gateway.call(
            .POST, gateway.path("applications"), headers: [("content-type", "application/json")],
            body: ByteBuffer(bytes: body.bytes()))
    }

    /// What somebody could answer to a field.
    private static func value(_ field: JSONValue) -> JSONValue? {
        let options = field["options"]?.array?.compactMap { $0["id"] } ?? []
        switch field["type"]?.string {
        case "number": return "4"
        case "date": return "2026-09-01"
        case "dropdown": return options.first
        case "checkbox": return .array(options)
        case "radio": return options.first ?? "yes"
        case "text", "textarea": return "So it is"
        default: return nil
        }
    }

    @Test func `each answer goes in the form that its question takes`() async throws {
        try await VendorContract.run("workable") { contract in
            let gateway = contract.gateway
            let job = try await contract.job()
            let form = try await gateway.call(.GET, gateway.path("job_form_fields", "job_id=\(job)"))
            let questions = try #require(form.json["result"]?.array).filter { $0["group_id"] == "questions" }
            let answers = questions.compactMap { field in
                Self.value(field).map { JSONValue.object(["id": field["id"] ?? .null, "value": $0]) }
            }
            #expect(answers.count == 6)
            let response = try await Self.apply(
                gateway,
                [
                    "job_id": .string(job), "candidate": ["name": "Ada Byron", "emails": [["email": "ada@example.com"]]],
                    "answers": .array(answers),
                ])
            #expect(response.status == 200, "\(String(buffer: response.body))")
            #expect(response.json["warnings"] == [])
            let id = try #require(response.json["candidate"]?["id"]?.string)
            let candidate = try await gateway.call(.GET, gateway.path("candidates/\(id)"))
            let kept = candidate.json["remote_data"]?["answers"]?.array ?? []
            #expect(
                kept.map { $0["answer"] } == [
                    ["body": "So it is"], ["number": 4], ["checked": true], ["date": "2026-09-01"], ["choices": ["c1"]],
                    ["choices": ["c3", "c4"]],
                ], "\(JSONValue.array(kept).text())")

            let reused = try await Self.apply(
                gateway,
                [
                    "job_id": .string(job), "candidate": ["name": "Ada Byron", "emails": [["email": "ada@example.com"]]],
                    "answers": .array(answers), "on_duplicate_candidate": "reuse",
                ])
            #expect(reused.status == 400 && reused.json["param"] == "answers", "\(String(buffer: reused.body))")
            let copy = try await Self.apply(
                gateway, ["job_id": .string(job), "candidate_id": .string(id), "answers": .array(answers)])
            #expect(copy.status == 400 && copy.json["param"] == "answers", "\(String(buffer: copy.body))")
        }
    }

    @Test(arguments: ["breezy", "greenhouse", "recruitee"]) func `answers that a definition does not carry are said not to be sent`(
        vendor: String
    ) async throws {
        try await VendorContract.run(vendor) { contract in
            let response = try await Self.apply(
                contract.gateway,
                [
                    "job_id": .string(try await contract.job()), "answers": [["id": "q", "value": "x"]],
                    "candidate": ["first_name": "Ada", "last_name": "Byron", "emails": [["email": "ada@example.com"]]],
                ])
            #expect(response.status == 200, "\(String(buffer: response.body))")
            #expect(response.json["warnings"]?.array?.map { $0["code"] } == ["not_supported"])
        }
    }
}
