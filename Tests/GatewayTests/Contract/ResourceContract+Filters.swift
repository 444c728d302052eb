import JSON
import NIOHTTP1

@testable import Catalog

extension ResourceContract {
    /// Each parameter of a list narrows it, both ways, or is refused by name: none is without effect.
    func checkFilters(
        _ resource: String, _ plan: MethodPlan, _ place: [String: String], _ listed: [JSONValue]
    ) async throws {
        guard let filters = plan.filters else { return }
        for parameter in plan.unifiedMethod.query where place[parameter.name] == nil && !parameter.required {
            let own = without(parameter.name, plan, place)
            for name in filters.unsupported where name == parameter.name || name.hasPrefix(parameter.name + "[") {
                try await expectRefused(name, parameter, resource, place)
            }
            if filters.unsupported.contains(parameter.name) || plan.mapping.sameForAny.contains(parameter.name) { continue }
            let field = GatewayFilter(parameter, plan.schema)
            if let field, !filters.provider.contains(parameter.name) {
                try await expectCarriedOut(parameter, field, resource, place, listed)
                continue
            }
            if parameter.schema["format"]?.string == "date-time" {
                try await checkTimes(
                    parameter.name, field, resource, place, listed, refused: filters.unsupported)
            } else if let members = parameter.schema["properties"]?.object, parameter.name != "sort_by" {
                for member in members.keys where !filters.unsupported.contains(parameter.name + "[\(member)]") {
                    let values = Self.values(field, listed).compactMap { $0[member]?.string }
                    try await checkValues(parameter.name + "[\(member)]", values, resource, place)
                }
            } else if let field {
                try await checkValues(
                    parameter.name, Self.values(field, listed).compactMap(Self.text), resource, own,
                    enumerated: parameter.schema["enum"] != nil || parameter.schema["type"]?.string == "boolean"
                ) { record in
                    Self.values(field, [record]).compactMap(Self.text)
                }
            } else if parameter.name != "organization_id", parameter.name.hasSuffix("_id") {
                // No record says which of the ids has any.
                try await checkValues(parameter.name, [], resource, own)
            }
        }
    }

    /// The place without what the parameter is an alternative to, if the parameter alone fills the rest.
    private func without(_ name: String, _ plan: MethodPlan, _ place: [String: String]) -> [String: String] {
        let groups = plan.unifiedMethod.requires
        let own = place.filter { other, _ in !groups.contains { $0.contains(other) && $0.contains(name) } }
        let isWhole = groups.allSatisfy { $0.contains(name) || $0.contains { own[$0] != nil } }
        return isWhole ? own : place
    }

    /// The gateway says what it filtered by. How it compares has tests of its own: `GatewayFilterTests`.
    private func expectCarriedOut(
        _ parameter: UnifiedMethod.Parameter, _ field: GatewayFilter, _ resource: String, _ place: [String: String],
        _ listed: [JSONValue]
    ) async throws {
        let values = Self.values(field, listed)
        var given = [parameter.name: values.lazy.compactMap(Self.text).first ?? "x"]
        if parameter.schema["format"]?.string == "date-time" {
            given = [parameter.name + "[gte]": "2001-01-01T00:00:00.000Z"]
        } else if let member = values.lazy.compactMap({ $0.object?.elements.first { $0.value.string != nil } }).first {
            given = [parameter.name + "[\(member.key)]": member.value.string ?? ""]
        } else if let member = parameter.schema["properties"]?.object?.keys.first {
            given = [parameter.name + "[\(member)]": "x"]
        }
        given["limit"] = "2"
        let response = try await call(.GET, resource, place.merging(given) { $1 })
        guard response.status == 200 else { return fault(resource, "\(given): \(response.json.text().prefix(300))") }
        if response.json["filtered_by_gateway"]?.array?.contains(.string(parameter.name)) != true {
            fault(resource, "\(given) was filtered by \(response.json["filtered_by_gateway"]?.text() ?? "nobody")")
        }
        if !values.isEmpty, records(response).isEmpty { fault(resource, "\(given) gives no record") }
    }

    private func expectRefused(
        _ name: String, _ parameter: UnifiedMethod.Parameter, _ resource: String, _ place: [String: String]
    ) async throws {
        var (name, value) = (name, "x")
        if parameter.schema["format"]?.string == "date-time" {
            if name == parameter.name { name += "[gte]" }
            value = "2001-01-01T00:00:00Z"
        } else if name == parameter.name, let member = parameter.schema["properties"]?.object?.keys.first {
            name += "[\(member)]"
        }
        let response = try await call(.GET, resource, place.merging([name: value]) { $1 })
        if response.status != 400 || response.json["code"] != "unsupported_filter" {
            fault(resource, "\(name) is not refused: \(response.status) \(response.json.text().prefix(200))")
        }
    }

    private func checkTimes(
        _ name: String, _ field: GatewayFilter?, _ resource: String, _ place: [String: String], _ listed: [JSONValue],
        refused: [String]
    ) async throws {
        let all = [("=2037", true), ("[gte]=2037", true), ("[lt]=2001", true), ("[gte]=2001", false), ("[lt]=2037", false)]
        for (bound, isEmpty) in all {
            if refused.contains(where: { (name + bound).hasPrefix($0) }) || (bound == "=2037" && refused.contains(name + "[lte]")) {
                continue
            }
            if !isEmpty, Self.values(field, listed).isEmpty { continue }
            let parts = bound.split(separator: "=", omittingEmptySubsequences: false)
            var given = [name + parts[0]: String(parts[1]) + "-01-01T00:00:00.000Z"]
            if !isEmpty { given["limit"] = "2" }
            let response = try await call(.GET, resource, place.merging(given) { $1 })
            guard response.status == 200 else {
                fault(resource, "\(given): \(response.json.text().prefix(300))")
                continue
            }
            if records(response).isEmpty != isEmpty { fault(resource, "\(given) gives \(records(response).count) records") }
        }
    }

    /// - Parameters:
    ///   - values: that records are known to have.
    ///   - enumerated: no other values are asked for.
    ///   - field: what a record has to have, where it says.
    private func checkValues(
        _ name: String, _ values: [String], _ resource: String, _ place: [String: String], enumerated: Bool = false,
        field: (JSONValue) -> [String] = { _ in [] }
    ) async throws {
        var hasSome = values.isEmpty
        for value in Set(values).sorted().prefix(12) where !hasSome {
            let response = try await call(.GET, resource, place.merging([name: value, "limit": "10"]) { $1 })
            guard response.status == 200 else { return fault(resource, "\(name)=\(value): \(response.json.text().prefix(300))") }
            let found = records(response)
            hasSome = !found.isEmpty
            for record in found {
                let own = field(record)
                if !own.isEmpty, !own.contains(where: { $0.lowercased().contains(value.lowercased()) }) {
                    return fault(resource, "\(name)=\(value) gives a record with \(own)")
                }
            }
        }
        if !hasSome { fault(resource, "\(name) gives no record for any of \(Set(values).sorted().prefix(12))") }
        guard !enumerated else { return }
        let none = try await call(.GET, resource, place.merging([name: "no-such-thing-9"]) { $1 })
        // A vendor may refuse what cannot be one of its ids.
        if none.status == 200, !records(none).isEmpty { fault(resource, "\(name)=no-such-thing-9 gives \(records(none).count) records") }
        if none.status >= 500 { fault(resource, "\(name)=no-such-thing-9: \(none.json.text().prefix(300))") }
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): number.text
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }

    private static func values(_ field: GatewayFilter?, _ records: [JSONValue]) -> [JSONValue] {
        guard let field else { return [] }
        return records.flatMap { values(at: field.path[...], in: $0) }.filter { !$0.isNull }
    }

    private static func values(at path: ArraySlice<String>, in value: JSONValue) -> [JSONValue] {
        if let items = value.array { return items.flatMap { values(at: path, in: $0) } }
        guard let step = path.first else { return [value] }
        return value[step].map { values(at: path.dropFirst(), in: $0) } ?? []
    }
}
