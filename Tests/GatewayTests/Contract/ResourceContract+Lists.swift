import Catalog
import JSON
import NIOHTTP1

extension ResourceContract {
    /// Places that are tried until a list has records.
    private static let tries = 40

    mutating func checkList(_ resource: String) async throws {
        guard let plan = plans[resource]?["list"] else { return }
        guard let (place, first) = try await start(resource, plan) else { return }
        var listed: [JSONValue] = []
        var response = first
        var pages = 1
        while true {
            listed += records(response)
            guard pages < 3, let cursor = response.json["next_cursor"]?.string else { break }
            response = try await call(.GET, resource, place.merging(["limit": "2", "next_cursor": cursor]) { $1 })
            guard response.status == 200 else { return fault(resource, "page \(pages + 1): \(response.json.text())") }
            pages += 1
        }
        let ids = listed.map { $0["id"]?.string ?? "" }
        if Set(ids).count != ids.count { fault(resource, "a record comes twice in \(pages) pages: \(ids)") }
        for text in Set(listed.flatMap { SchemaFaults($0, plan.schema.json).faults }) { fault(resource, text) }
        learn(listed, of: resource, at: place)
        if ["candidates", "applications"].contains(resource) {
            // Others are listed by these: the more of them, the more places.
            learn(Array(records(try await call(.GET, resource, place)).prefix(30)), of: resource, at: place)
        }
        try await checkRecords(listed, resource, place)
        try await checkNormalized(resource, plan, place)
        try await checkFilters(resource, plan, place, listed)
    }

    /// The first page of the first place that has records.
    private func start(_ resource: String, _ plan: MethodPlan) async throws -> (place: [String: String], first: Answer)? {
        var places = places(plan)
        if places.isEmpty { fault(resource, "nothing seen so far fills \(plan.unifiedMethod.requires)") }
        // What is required of some calls alone shows in the response.
        if let place = places.first {
            let response = try await call(.GET, resource, place.merging(["limit": "2"]) { $1 })
            if response.json["code"] == "missing_query_parameter", let name = response.json["param"]?.string {
                places = self.places(plan, also: [name])
            }
        }
        for place in places.prefix(Self.tries) {
            var response = try await call(.GET, resource, place.merging(["limit": "2"]) { $1 })
            // A page may hold less than was asked for, and nothing at all.
            for _ in 0..<10 where response.status == 200 && records(response).isEmpty {
                guard let cursor = response.json["next_cursor"]?.string else { break }
                response = try await call(.GET, resource, place.merging(["limit": "2", "next_cursor": cursor]) { $1 })
            }
            guard response.status == 200 else {
                fault(resource, "list \(place): \(response.json.text())")
                return nil
            }
            if !records(response).isEmpty { return (place, response) }
        }
        if !places.isEmpty { fault(resource, "no records at \(min(places.count, Self.tries)) places, such as \(places[0])") }
        return nil
    }

    /// A record of the list is found by its id.
    private func checkRecords(_ listed: [JSONValue], _ resource: String, _ place: [String: String]) async throws {
        guard let plan = plans[resource]?["get"] else { return }
        for record in listed.prefix(2) {
            let id = record["id"]?.string ?? ""
            let response = try await get(id, record, resource, plan, place)
            guard response.status == 200 else { return fault(resource, "get \(id): \(response.json.text())") }
            // Where ids of files are made from what a file is for, the record may hold the vendor's own.
            if resource != "attachments", response.json["id"]?.string != id {
                fault(resource, "get \(id) gives \(response.json["id"]?.text() ?? "no id")")
            }
            for text in SchemaFaults(response.json, plan.schema.json).faults { fault(resource, "get: \(text)") }
        }
    }

    func get(
        _ id: String, _ record: JSONValue, _ resource: String, _ plan: MethodPlan, _ place: [String: String]
    ) async throws -> Answer {
        // What the record belongs to, before what it was listed by.
        var own = place
        for owner in ["candidate", "application", "job", "organization"] {
            if let owned = record[owner]?["id"]?.string { own[owner + "_id"] = owned }
        }
        let required = Set(plan.unifiedMethod.requires.flatMap(\.self) + plan.unifiedMethod.query.filter(\.required).map(\.name))
        let known = Set(plan.unifiedMethod.query.map(\.name))
        let given = own.filter { required.contains($0.key) || (place[$0.key] != nil && known.contains($0.key)) }
        return try await call(.GET, resource + "/" + VendorContract.escaped(id), places(plan, given).first ?? given)
    }

    /// The normalized form has every field of the schema.
    private func checkNormalized(_ resource: String, _ plan: MethodPlan, _ place: [String: String]) async throws {
        let response = try await call(
            .GET, resource, place.merging(["limit": "2", "truto_response_format": "normalized"]) { $1 })
        guard response.status == 200 else { return fault(resource, "normalized: \(response.json.text())") }
        let names = plan.schema.properties.map(\.name)
        for record in records(response) {
            let missing = names.filter { $0 != "remote_data" && record[$0] == nil }
            if !missing.isEmpty { return fault(resource, "normalized without \(missing)") }
        }
    }
}
