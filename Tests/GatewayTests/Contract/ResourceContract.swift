import Catalog
import JSON
import NIOCore
import NIOHTTP1
import Testing

/// All that one vendor's definition offers, and what was seen of it so far: records name the places of further lists.
struct ResourceContract {
    let contract: VendorContract
    /// Resource → method → plan.
    let plans: [String: [String: MethodPlan]]
    let coverage: [String: [String: Coverage.Entry]]
    /// Records as they were listed, by resource.
    var seen: [String: [JSONValue]] = [:]
    /// Parameters that go together, such as an application with its candidate and its job.
    var known: [[String: String]]

    /// Resources whose records others belong to.
    private static let owners = ["organizations", "jobs", "users", "job_interview_stages", "candidates", "applications"]

    init(_ contract: VendorContract) throws {
        self.contract = contract
        let catalog = try Catalog.builtIn()
        var plans: [String: [String: MethodPlan]] = [:]
        var coverage: [String: [String: Coverage.Entry]] = [:]
        for entry in try Coverage(catalog, integration: contract.vendor).entries {
            coverage[entry.resource, default: [:]][entry.method] = entry
            plans[entry.resource, default: [:]][entry.method] = try catalog.plan(
                model: "ats", resource: entry.resource, method: entry.method, integration: contract.vendor)
        }
        self.plans = plans
        self.coverage = coverage
        known = contract.targets.map { [$0.name: $0.value] }
    }

    var vendor: String { contract.vendor }

    mutating func check() async throws {
        let others = plans.keys.filter { !Self.owners.contains($0) }.sorted()
        for resource in Self.owners + others where plans[resource]?["list"] != nil {
            try await checkList(resource)
        }
        try await checkWrites()
    }

    func fault(_ resource: String, _ text: String) { Issue.record("\(vendor) \(resource): \(text)") }

    func call(
        _ method: HTTPMethod, _ path: String, _ parameters: [String: String] = [:], body: JSONValue? = nil
    ) async throws -> Answer {
        let all = [("integrated_account_id", contract.gateway.accountID)] + parameters.sorted { $0.key < $1.key }
        let query = all.map { VendorContract.escaped($0.0) + "=" + VendorContract.escaped($0.1) }.joined(separator: "&")
        let headers = body == nil ? [] : [("content-type", "application/json")]
        return try await contract.gateway.call(
            method, "/unified/ats/\(path)?\(query)", headers: headers, body: body.map { ByteBuffer(bytes: $0.bytes()) })
    }

    func records(_ response: Answer) -> [JSONValue] { response.json["result"]?.array ?? [] }

    /// Remembers records, and what they belong to.
    ///
    /// - Parameter place: parameters that they were listed by.
    mutating func learn(_ records: [JSONValue], of resource: String, at place: [String: String]) {
        seen[resource, default: []] += records
        for record in records {
            var parameters = place
            for owner in ["candidate", "application", "job", "organization", "interview"] {
                if let id = record[owner]?["id"]?.string { parameters[owner + "_id"] = id }
            }
            if let id = record["current_stage"]?["id"]?.string { parameters["stage_id"] = id }
            if let id = record["id"]?.string { parameters[Self.parameter(for: resource)] = id }
            // What has most to say comes first: an application is also a candidate and a job.
            known.insert(parameters, at: known.firstIndex { $0.count < parameters.count } ?? known.count)
        }
    }

    /// The parameter that names a record of a resource.
    static func parameter(for resource: String) -> String {
        resource == "job_interview_stages" ? "stage_id" : resource.dropLast() + "_id"
    }

    /// Parameters for a call to `plan`: each fills everything that it requires.
    ///
    /// - Parameters:
    ///   - given: filled already.
    ///   - names: what the gateway said to be missing besides.
    func places(_ plan: MethodPlan, _ given: [String: String] = [:], also names: [String] = []) -> [[String: String]] {
        let needed = plan.unifiedMethod.requires + (plan.unifiedMethod.query.filter(\.required).map(\.name) + names).map { [$0] }
        if needed.isEmpty { return [given] }
        var places: [[String: String]] = []
        // The sandbox's own records have the most around them.
        let seeded = Dictionary(contract.targets.map { ($0.name, $0.value) }) { $1 }
        for context in [given, seeded] + known {
            var place = given
            for group in needed where !group.contains(where: { place[$0] != nil }) {
                guard let name = group.first(where: { context[$0] != nil }) else { break }
                place[name] = context[name]
            }
            let isWhole = needed.allSatisfy { group in group.contains { place[$0] != nil } }
            if isWhole, !places.contains(place) { places.append(place) }
        }
        return places
    }
}
