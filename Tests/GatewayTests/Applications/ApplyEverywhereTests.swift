import Catalog
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// One call that applies, on every vendor that has it: what the steps say is done is there.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ApplyEverywhereTests {
    static let vendors = [
        "bamboohr", "breezy", "bullhorn", "fountain", "homerun", "icims", "jazzhr", "jobadder", "loxo", "manatal", "oracle-recruiting",
        "pinpoint", "polymer", "recruitcrm", "smartrecruiters", "successfactors", "talentlyft", "teamtailor", "workable", "zoho-recruit",
    ]

    /// A user in whose name notes are made; some vendors need one.
    private static func user(_ contract: VendorContract) async throws -> String? {
        let list = try await contract.gateway.call(.GET, contract.gateway.path("users"))
        return list.json["result"]?.array?.first?["id"]?.string
    }

    /// Whether the vendor lists files under any of the ids that it takes; nil where it lists none.
    private static func hasFiles(_ contract: VendorContract, _ ids: [String: String]) async throws -> Bool? {
        guard let plan = contract.plans["list"] else { return nil }
        let needed = Set(plan.unifiedMethod.requires.flatMap(\.self))
        var queries = ids.keys.sorted().map { needed.union([$0]) }
        queries.append(Set(ids.keys))
        for names in queries {
            let query = names.compactMap { name in ids[name].map { "\(name)=\(VendorContract.escaped($0))" } }.joined(separator: "&")
            let files = try await contract.gateway.call(.GET, contract.gateway.path("attachments", query))
            if files.json["result"]?.array?.isEmpty == false { return true }
        }
        return false
    }

    @Test(arguments: vendors) func `every step is done, and a repeat makes nothing`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            let gateway = contract.gateway
            let job = try await contract.job()
            let actor = try await Self.user(contract).map { [Form.Part.field("user_id", $0)] } ?? []
            let form = Form(
                actor + [
                    .field("job_id", job), .field("candidate[first_name]", "Ada"), .field("candidate[last_name]", "Byron"),
                    .field("candidate[emails][0][email]", "ada@example.com"), .field("candidate[phones][0][number]", "+44 20 7946 0000"),
                    .field("activities", #"[{"body": "Came by the form"}]"#),
                    .field("attachments[0][attachment_type]", "resume"),
                    .file("attachments[0][file]", name: "resume.pdf", type: "application/pdf", bytes: Form.pdf),
                ])
            let headers = [("content-type", form.contentType), ("idempotency-key", "k1")]
            let response = try await gateway.call(.POST, gateway.path("applications"), headers: headers, body: form.body)
            #expect(response.status == 200, "\(String(buffer: response.body))")
            let steps = response.json["steps"]?.array ?? []
            #expect(steps.contains { $0["name"] == "application" })
            for step in steps { #expect(step["status"] == "done", "\(String(buffer: response.body))") }
            // What the vendor has no place for is said; nothing else went wrong.
            for warning in response.json["warnings"]?.array ?? [] { #expect(warning["code"] == "not_supported", "\(warning.text())") }
            #expect(response.json["job"]?["id"]?.string == job)
            let candidate = try #require(response.json["candidate"]?["id"]?.string)
            let ids = ["candidate_id": candidate, "application_id": response.json["id"]?.string ?? "", "job_id": job]
            if steps.contains(where: { $0["name"] == "attachments[0]" }), try await Self.hasFiles(contract, ids) == false {
                Issue.record("the file is not listed")
            }
            _ = try await gateway.received()
            let again = try await gateway.call(.POST, gateway.path("applications"), headers: headers, body: form.body)
            #expect(again.headers.first(name: "idempotency-replayed") == "true" && again.body == response.body)
            #expect(try await gateway.received().isEmpty)
        }
    }
}
