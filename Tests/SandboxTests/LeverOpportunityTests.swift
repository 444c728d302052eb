import JSON
import Testing

@testable import Sandbox

@Suite struct LeverOpportunityTests {
    private static let create = "/v1/opportunities?perform_as=\(LeverSeed.performAs)"
    private static let apply = "/v1/postings/\(LeverSeed.posting)/apply"

    @Test func `an opportunity can be made from JSON, and again on the same contact`() async throws {
        try await withSandbox { run in
            let body: JSONValue = ["name": "N", "emails": ["n@sandbox.example"], "phones": [["value": "1"]]]
            let first = try await run.post(Self.create, body)
            #expect(first.status == 201)
            #expect(first.json["deduped"] == false)
            let id = try #require(first.json["data"]?["id"]?.string)
            #expect(try await run.send("GET", "/v1/opportunities/\(id)").json["data"] == first.json["data"])
            let second = try await run.post(Self.create, body)
            #expect(second.json["deduped"] == true)
            #expect(second.json["data"]?["contact"] == first.json["data"]?["contact"])
            #expect(try await run.post("/v1/opportunities", body).json["message"] == "perform_as is required")
        }
    }

    @Test func `an opportunity made from a form has its files`() async throws {
        try await withSandbox { run in
            let form = Form(file: pattern(20_000), name: "cv.docx", part: "resumeFile", fields: [("name", "N")])
            let made = try await run.upload(Self.create, form)
            let id = try #require(made.json["data"]?["id"]?.string)
            let resumes = try await run.send("GET", "/v1/opportunities/\(id)/resumes").json["data"]?.array
            #expect(resumes?.map { $0["file"]?["name"] } == ["cv.docx"])
            let actions = try await run.send("GET", "/v1/opportunities/\(id)/file_actions").json["data"]?.array
            #expect(actions?.map { $0["type"] } == ["resume-imported"])
        }
    }

    @Test(arguments: [(86_399_999, 201), (86_400_000, 400)])
    func `an upload can be used in an application for 24 hours`(ahead: Int, status: Int) async throws {
        // A clock that stands still: the limit is exact.
        try await withSandbox(SandboxOptions(rateLimit: false, clock: { 1_800_000_000_000 })) { run in
            let upload = try await run.upload("/v1/uploads", Form(file: pattern(100)))
            let uri = try #require(upload.json["data"]?["uri"]?.string)
            _ = try await run.post("/_sandbox/clock", ["advance_ms": .integer(ahead)])
            let response = try await run.post(
                Self.apply,
                ["personalInformation": [["name": "email", "value": "a@x.example"], ["name": "resume", "value": .string(uri)]]])
            #expect(response.status == status)
            let made = try await run.send("GET", "/v1/opportunities?email=a@x.example").json["data"]?.array ?? []
            #expect(made.count == (status == 201 ? 1 : 0))
        }
    }

    @Test func `reset brings back the seeds`() async throws {
        try await withSandbox { run in
            let before = try await run.state()
            _ = try await run.upload("/v1/uploads", Form(file: pattern(10)))
            _ = try await run.post("/_sandbox/seed", ["files": 2, "resumes": 1])
            _ = try await run.post("/_sandbox/behaviour", ["do": ["status": 500]])
            #expect(try await run.files().count == 2)
            #expect(try await run.send("POST", "/_sandbox/reset").status == 204)
            let after = try await run.state()
            #expect(after["uploads"] == [] && after["opportunities"] == before["opportunities"])
            #expect(try await run.requests().isEmpty)
            #expect(try await run.send("GET", "/v1/users").status == 200)
        }
    }

    @Test func `users can be found by e-mail`() async throws {
        try await withSandbox { run in
            let found = try await run.send("GET", "/v1/users?email=recruiter@sandbox.example").json["data"]?.array
            #expect(found?.map { $0["id"]?.string } == [LeverSeed.performAs])
            let gone = "/v1/users?email=leaver@sandbox.example"
            #expect(try await run.send("GET", gone).json["data"] == [])
            #expect(try await run.send("GET", gone + "&includeDeactivated=true").json["data"]?.array?.count == 1)
        }
    }

    @Test func `a taken port is told`() async throws {
        try await withSandbox { run in
            let port = run.sandbox.port
            await #expect(throws: SandboxError.self) {
                _ = try await SandboxServer.start(.lever, options: SandboxOptions(port: port))
            }
        }
    }
}
