import Accounts
import JSON
import NIOHTTP1
import Sandbox
import Testing

/// `truto_expand` over sockets (docs/wire.md#expansion), with the vendor's requests counted.
@Suite(.timeLimit(.minutes(3))) struct ExpandTests {
    private static func get(
        _ gateway: TestGateway, _ path: String, _ query: String = "", authorization: String? = "house"
    ) async throws -> Answer {
        try await gateway.call(.GET, gateway.path(path, query), authorization: authorization)
    }

    private static func references(_ record: JSONValue, _ field: String) -> [JSONValue] {
        record[field]?.array ?? record[field].map { [$0] } ?? []
    }

    /// The parameter by which a list of the vendor is asked for, where it needs one.
    private static func place(_ contract: VendorContract, _ parameter: String?) -> String {
        contract.targets.first { $0.name == parameter }.map { "\($0.name)=\($0.value)" } ?? ""
    }

    @Test(
        arguments: [
            ("lever", "applications", nil, "candidate", "candidates"), ("lever", "applications", nil, "job", "jobs"),
            ("lever", "applications", nil, "current_stage", "job_interview_stages"),
            ("lever", "applications", nil, "credited_to", "users"),
            ("lever", "interviews", "candidate_id", "interviewers", "users"),
            ("greenhouse", "applications", nil, "candidate", "candidates"), ("greenhouse", "applications", nil, "job", "jobs"),
            ("greenhouse", "applications", nil, "current_stage", "job_interview_stages"),
            ("ashby", "applications", nil, "candidate", "candidates"), ("ashby", "applications", nil, "job", "jobs"),
            ("ashby", "applications", nil, "current_stage", "job_interview_stages"),
            ("ashby", "interviews", nil, "interviewers", "users"),
            // The gateway drops records; what is filled in is that of the others.
            ("lever", "applications", "job_id", "candidate", "candidates"),
        ] as [(String, String, String?, String, String)])
    func `each record is fetched once, and all else stays`(
        vendor: String, resource: String, parameter: String?, field: String, target: String
    ) async throws {
        try await VendorContract.run(vendor) { contract in
            let gateway = contract.gateway
            let place = Self.place(contract, parameter)
            _ = try await gateway.received()
            let thin = try await Self.get(gateway, resource, place)
            let usual = try await gateway.received().count
            let records = try #require(thin.json["result"]?.array)
            var ids: [String] = []
            for id in records.flatMap({ Self.references($0, field) }).compactMap({ $0["id"]?.string }) where !ids.contains(id) {
                ids.append(id)
            }
            #expect(!ids.isEmpty, "the sandbox shows nothing to expand: \(thin.json.text())")
            var whole: [String: JSONValue] = [:]
            for id in ids {
                let response = try await Self.get(gateway, "\(target)/\(id)")
                if response.status == 200 { whole[id] = response.json }
            }
            #expect(!whole.isEmpty)
            let gets = try await gateway.received().count

            let full = try await Self.get(gateway, resource, place + "&truto_expand[]=\(field)")
            #expect(full.status == 200, "\(full.json.text())")
            #expect(try await gateway.received().count == usual + gets)
            let filled = try #require(full.json["result"]?.array)
            #expect(filled.map { $0["id"] } == records.map { $0["id"] })
            #expect(full.json["next_cursor"] == thin.json["next_cursor"])
            for (before, after) in zip(records, filled) {
                for (name, value) in before.object?.elements ?? [] where name != field {
                    #expect(after[name] == value)
                }
                for (reference, record) in zip(Self.references(before, field), Self.references(after, field)) {
                    let expected = reference["id"]?.string.flatMap { whole[$0] } ?? reference
                    for (name, value) in expected.object?.elements ?? [] { #expect(record[name] == value, "\(name)") }
                }
            }
            let missing = ids.filter { whole[$0] == nil }
            #expect((full.json["warnings"]?.array ?? []).compactMap { $0["id"]?.string } == missing)
        }
    }

    @Test(arguments: ["lever", "greenhouse", "ashby"]) func `a get is expanded as a list is`(vendor: String) async throws {
        try await VendorContract.run(vendor) { contract in
            let gateway = contract.gateway
            let list = try await Self.get(gateway, "applications")
            let application = try #require(list.json["result"]?.array?.first { $0["job"]?["id"] != nil })
            let (id, job) = (application["id"]?.string ?? "", application["job"]?["id"]?.string ?? "")
            let whole = try await Self.get(gateway, "jobs/\(job)", "truto_ignore_remote_data=true")
            let response = try await Self.get(
                gateway, "applications/\(id)", "truto_expand=candidate,job&truto_ignore_remote_data=true")
            #expect(response.status == 200)
            #expect(response.json["id"]?.string == id)
            #expect(response.json["remote_data"] == nil)
            for (name, value) in whole.json.object?.elements ?? [] { #expect(response.json["job"]?[name] == value, "\(name)") }
            #expect(response.json["candidate"]?["remote_data"] == nil)
            #expect(response.json["candidate"]?["name"] != nil)
            #expect(response.json["warnings"] == nil)
        }
    }

    @Test func `keyed, normalized and debug responses are expanded too`() async throws {
        try await TestGateway.run { gateway in
            let keyed = try await Self.get(gateway, "applications", "truto_key_by=id&truto_expand=job")
            let record = try #require(keyed.json["result"]?.object?.elements.first { $0.value["job"]?["id"] != nil }?.value)
            #expect(record["job"]?["name"] != nil)
            let normalized = try await Self.get(gateway, "applications", "truto_response_format=normalized&truto_expand=job")
            let job = try #require(normalized.json["result"]?.array?.first { $0["job"]?["id"] != nil }?["job"])
            #expect(job["requisition_id"] != nil, "a field without a value is null")
            let debug = try await Self.get(gateway, "applications", "truto_response_format=debug&truto_expand=job")
            #expect(debug.json["debug"]?["requestUrl"]?.string?.contains("opportunities") == true)
            #expect(debug.json["result"]?["result"]?.array?.contains { $0["job"]?["name"] != nil } == true)
        }
    }

    @Test func `a record that cannot be had stays thin, and the response says so`() async throws {
        try await TestGateway.run { gateway in
            let list = try await Self.get(gateway, "applications")
            let jobs = (list.json["result"]?.array ?? []).compactMap { $0["job"]?["id"]?.string }
            let gone = try #require(jobs.first)
            try await gateway.behave([
                "match": ["method": "GET", "path": .string("/v1/postings/\(gone)")], "times": 10,
                "do": ["status": 404, "body": ["code": "ResourceNotFound", "message": "There is no such posting"]],
            ])
            let response = try await Self.get(gateway, "applications", "truto_expand=job")
            #expect(response.status == 200)
            #expect(response.json["is_partial_response"] == true)
            let warnings = try #require(response.json["warnings"]?.array)
            #expect(warnings.count == 1)
            #expect(warnings[0]["field"] == "job" && warnings[0]["id"]?.string == gone && warnings[0]["status"] == 404)
            for record in response.json["result"]?.array ?? [] where record["job"]?["id"]?.string == gone {
                #expect(record["job"] == ["id": .string(gone)])
            }
            let application = try #require(list.json["result"]?.array?.first { $0["job"]?["id"]?.string == gone }?["id"]?.string)
            let one = try await Self.get(gateway, "applications/\(application)", "truto_expand=job")
            #expect(one.status == 200 && one.json["warnings"]?.array?.count == 1)
        }
    }

    @Test(arguments: [
        ("lever", "applications", "truto_expand=nothing", "nothing", "candidate, job"),
        ("lever", "applications", "truto_expand=candidate&truto_expand=source", "source", "candidate, job"),
        ("lever", "applications", "truto_expand=job&truto_response_format=raw", "raw", "unified"),
        ("lever", "applications", "truto_expand=job&truto_response_format=stream", "stream", "unified"),
        ("lever", "tags", "truto_expand=job", "job", "nothing to expand"),
        ("breezy", "scorecards", "truto_expand=interview", "interview", "application"),
    ])
    func `what cannot be expanded is refused with what can be`(
        vendor: String, resource: String, query: String, named: String, hint: String
    ) async throws {
        try await VendorContract.run(vendor) { contract in
            _ = try await contract.gateway.received()
            let response = try await Self.get(contract.gateway, resource, query)
            #expect(response.status == 400, "\(response.json.text())")
            #expect(response.json["code"] == "invalid_query_parameter")
            #expect(response.json["param"] == "truto_expand")
            #expect(response.json["message"]?.string?.contains(named) == true)
            #expect(response.json["hint"]?.string?.contains(hint) == true, "\(response.json.text())")
            #expect(try await contract.gateway.received().isEmpty)
        }
    }

    @Test func `a call that writes expands nothing`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(Form(Form.resume), query: "truto_expand=candidate")
            #expect(response.status == 400)
            #expect(response.json["param"] == "truto_expand")
        }
    }

    @Test(arguments: [
        (["ats/applications:list", "ats/jobs:get"], 200), (["ats/applications:list"], 403),
        (["ats/applications:list", "ats/jobs:list"], 403),
    ])
    func `a token needs the scope of what is filled in`(scopes: [String], status: Int) async throws {
        try await TestGateway.run { gateway in
            let token = try await gateway.accounts.tokens.create(
                name: "scoped", environment: gateway.environmentID, scopes: scopes)
            let response = try await Self.get(
                gateway, "applications", "truto_expand=job", authorization: "Bearer \(token.secret.exposed())")
            #expect(response.status == status, "\(response.json.text())")
        }
    }

    @Test func `fetching stays within the vendor's limits`() async throws {
        // Three at once and then one every 300 ms: six side by side would be refused.
        try await TestGateway.run(turns: ["requests": 10, "seconds": 3, "burst": 3]) { gateway in
            let response = try await Self.get(gateway, "applications", "limit=6&truto_expand=candidate")
            #expect(response.status == 200)
            #expect(response.json["result"]?.array?.count == 6)
            #expect(response.json["warnings"] == nil, "\(response.json["warnings"]?.text() ?? "")")
        }
    }
}
