import Catalog
import JSON
import NIOHTTP1

/// What is written is there: made, found by its id, listed, changed, moved, rejected, as far as the definition offers it.
extension ResourceContract {
    mutating func checkWrites() async throws {
        let person = try await checkCandidate()
        try await checkApplication(person)
        try await checkActivity(person)
    }

    private mutating func checkCandidate() async throws -> [String: String] {
        guard let create = plans["candidates"]?["create"] else { return [:] }
        guard let made = try await write("candidates", "create", create, Self.person("Contract"), [:]) else { return [:] }
        var place = made.place
        place["candidate_id"] = made.id
        if let get = plans["candidates"]?["get"] {
            try await expect(made.id, .object(["last_name": "Contract"]), "candidates", get, made.place)
        }
        try await expectListed(made.id, "candidates", made.place)
        if let update = plans["candidates"]?["update"] {
            let response = try await call(
                .PATCH, "candidates/" + VendorContract.escaped(made.id),
                places(update, made.place).first ?? [:], body: ["last_name": "Changed"])
            if response.status != 200 { fault("candidates", "update: \(response.json.text())") }
            if response.status == 200, let get = plans["candidates"]?["get"] {
                try await expect(made.id, ["last_name": "Changed"], "candidates", get, made.place)
            }
        }
        if let tag = plans["candidates"]?["tag"] {
            let known = seen["tags"]?.first
            let named: JSONValue = ["id": known?["id"] ?? .null, "name": known?["name"] ?? "contract"]
            _ = try await write("candidates", "tag", tag, ["tags": [named]], place)
        }
        return place
    }

    private mutating func checkApplication(_ person: [String: String]) async throws {
        guard let create = plans["applications"]?["create"] else { return }
        let jobs = seen["jobs"]?.compactMap { $0["id"]?.string } ?? []
        // A vendor may have made the application with the candidate: the job is another one then.
        guard let job = jobs.last(where: { $0 != person["job_id"] }), let candidate = person["candidate_id"] else { return }
        var place = ["candidate_id": candidate, "job_id": job]
        guard let made = try await write("applications", "create", create, [:], place) else { return }
        guard !made.id.isEmpty else { return }
        place["candidate_id"] = made.candidate ?? candidate
        if let get = plans["applications"]?["get"] { try await expect(made.id, [:], "applications", get, place) }
        try await expectListed(made.id, "applications", place)
        place["application_id"] = made.id
        if let move = plans["applications"]?["move-stage"], let stage = try await stage(place) {
            _ = try await write("applications", "move-stage", move, ["stage_id": .string(stage)], place)
        }
        if let reject = plans["applications"]?["reject"] {
            _ = try await write("applications", "reject", reject, [:], place)
            if let unreject = plans["applications"]?["unreject"] {
                _ = try await write("applications", "unreject", unreject, [:], place)
            }
        }
    }

    private mutating func checkActivity(_ person: [String: String]) async throws {
        guard let create = plans["activities"]?["create"] else { return }
        let known = self.known.first { $0["candidate_id"] != nil && ($0["application_id"] != nil || plans["applications"] == nil) }
        let place = known ?? person
        let before = try await activities(place)
        guard try await write("activities", "create", create, ["body": "Noted by the contract"], place) != nil else { return }
        // Some vendors list what happened, and the note is what happened then, with an id of its own.
        if let before, let after = try await activities(place), after <= before {
            fault("activities", "the new one is not listed at \(place): \(before) before, \(after) after")
        }
    }

    private static func person(_ name: String) -> JSONObject {
        [
            "first_name": "Grace", "last_name": .string(name),
            "emails": [["email": .string("grace.\(name)@example.com".lowercased())]], "phones": [["number": "+1 555 010 0123"]],
        ]
    }

    /// How many activities are listed at a place; nil where they are not.
    private func activities(_ place: [String: String]) async throws -> Int? {
        guard let list = plans["activities"]?["list"], let filters = list.filters else { return nil }
        var parameters = place.filter { filters.provider.contains($0.key) && list.unifiedMethod.params.contains($0.key) }
        var count = 0
        for _ in 0..<10 {
            let response = try await call(.GET, "activities", parameters)
            guard response.status == 200 else { return nil }
            count += records(response).count
            parameters["next_cursor"] = response.json["next_cursor"]?.string
            if parameters["next_cursor"] == nil { break }
        }
        return count
    }

    /// A stage of the application's job, where stages belong to jobs.
    private func stage(_ place: [String: String]) async throws -> String? {
        guard let list = plans["job_interview_stages"]?["list"] else { return place["stage_id"] }
        let isOfJob = list.filters?.supported.contains("job_id") == true
        let response = try await call(.GET, "job_interview_stages", isOfJob ? ["job_id": place["job_id"] ?? ""] : [:])
        let stages = records(response).compactMap { $0["id"]?.string }
        return stages.dropFirst().first ?? stages.first
    }

    /// Makes a call that writes, with whatever else it requires filled in from what was seen.
    ///
    /// - Returns: the id of what it gives, and the parameters that were sent.
    private mutating func write(
        _ resource: String, _ method: String, _ plan: MethodPlan, _ body: JSONObject, _ place: [String: String]
    ) async throws -> (id: String, candidate: String?, place: [String: String])? {
        let names = Set((plan.unifiedMethod.query + plan.unifiedMethod.body).map(\.name)).union(plan.unifiedMethod.params)
        let given = place.filter { names.contains($0.key) && plan.unifiedMethod.params.contains($0.key) }
        var sent = places(plan, given).first ?? given
        for parameter in plan.unifiedMethod.body where parameter.required && sent[parameter.name] == nil && body[parameter.name] == nil {
            // What no list shows cannot be sent, such as the reasons of a vendor that keeps them to itself.
            guard let value = known.lazy.compactMap({ $0[parameter.name] }).first else { return nil }
            sent[parameter.name] = value
        }
        var whole = body
        for (name, value) in sent { whole[name] = .string(value) }
        let path = method == "create" ? resource : resource + "/" + method
        var response = try await call(.POST, path, body: .object(whole))
        if response.status != 200, resource == "applications", method == "create" {
            // Where the vendor takes a new person alone.
            whole["candidate_id"] = nil
            whole["candidate"] = .object(Self.person("Apply"))
            response = try await call(.POST, path, body: .object(whole))
        }
        guard response.status == 200 else {
            fault(resource, "\(method) \(JSONValue.object(whole).text()): \(response.json.text())")
            return nil
        }
        let isWrapped = plan.unifiedMethod.response == .wrapped
        var record = (isWrapped ? response.json["result"] : response.json) ?? .null
        // A vendor that says nothing of what it did leaves nothing to show.
        if isWrapped, record.isNull { return ("", nil, sent) }
        if plan.mapping.saga == nil, case .object(var members) = record {
            // What the vendor has no place for is told beside the record (docs/wire.md#responses).
            members["warnings"] = nil
            record = .object(members)
        }
        if plan.mapping.saga != nil, case .object(var members) = record {
            // Beside the record stands what was done for it (docs/applications.md).
            if members["steps"]?.array?.isEmpty != false { fault(resource, "\(method): no steps") }
            if members["warnings"]?.array == nil { fault(resource, "\(method): no warnings") }
            for name in ["steps", "warnings", "on_duplicate_candidate", "duplicate_policy_of"] { members[name] = nil }
            record = .object(members)
        }
        for text in SchemaFaults(record, plan.schema.json).faults
        where text != "id is missing" || (!isWrapped && coverage[resource]?[method]?.isDocumented != false) {
            fault(resource, "\(method): \(text)")
        }
        return (record["id"]?.string ?? "", record["candidate"]?["id"]?.string, sent)
    }

    private func expect(
        _ id: String, _ members: JSONValue, _ resource: String, _ plan: MethodPlan, _ place: [String: String]
    ) async throws {
        let response = try await get(id, .null, resource, plan, place)
        guard response.status == 200 else { return fault(resource, "get of the new \(id): \(response.json.text())") }
        for (name, value) in members.object?.elements ?? [] where response.json[name] != value {
            fault(resource, "the new \(id) has \(name) \(response.json[name]?.text() ?? "nil"), not \(value.text())")
        }
    }

    /// The list holds the record, on one of its pages.
    private func expectListed(_ id: String, _ resource: String, _ place: [String: String]) async throws {
        guard let list = plans[resource]?["list"] else { return }
        let supported = list.filters?.provider ?? []
        var parameters = place.filter { supported.contains($0.key) }
        var cursor: String?
        for _ in 0..<40 {
            parameters["next_cursor"] = cursor
            let response = try await call(.GET, resource, parameters)
            guard response.status == 200 else { return fault(resource, "list for the new \(id): \(response.json.text())") }
            if records(response).contains(where: { $0["id"]?.string == id }) { return }
            cursor = response.json["next_cursor"]?.string
            if cursor == nil { return fault(resource, "the new \(id) is not listed at \(parameters)") }
        }
        fault(resource, "the new \(id) is on none of 40 pages")
    }
}
