package import JSON
import JSONata

/// A filter of a list that the gateway carries out on mapped records, since the provider has none of its kind.
///
/// Records without the field do not pass. Of a list of values any may match. Times are compared as times, ids as they are,
/// other texts without regard to case.
package struct GatewayFilter: Sendable {
    package let name: String
    /// The way to the field in a unified record.
    let path: [String]

    /// - Returns: nil where records have no such field.
    init?(_ parameter: UnifiedMethod.Parameter, _ schema: ResourceSchema) {
        name = parameter.name
        var path = (parameter.field ?? parameter.name).split(separator: ".").map(String.init)
        // `candidate_id` is the id of the record's `candidate`.
        if parameter.field == nil, name.hasSuffix("_id"), Self.schema(at: path, in: schema.json) == nil {
            path = [String(name.dropLast(3)), "id"]
        }
        guard Self.schema(at: path, in: schema.json) != nil else { return nil }
        self.path = path
    }

    /// Whether a record passes.
    ///
    /// - Parameter value: what the caller gave: a value, several, an object of members, or comparisons `{gt, gte, lt, lte}`.
    package func passes(_ record: MappedRecord, _ value: JSONValue) -> Bool {
        guard let member = record[path[0]] else { return false }
        return matches(value, Self.values(at: path.dropFirst(), in: member))
    }

    private func matches(_ wanted: JSONValue, _ values: [JSONValue]) -> Bool {
        switch wanted {
        case .array(let all): return all.contains { matches($0, values) }
        case .object(let members):
            let comparisons = members.elements.filter { Self.orders[$0.key] != nil }
            if !comparisons.isEmpty {
                return values.contains { value in
                    comparisons.allSatisfy { Self.compare(value, $0.value).map(Self.orders[$0.key]!) ?? false }
                }
            }
            return values.contains { value in
                members.elements.allSatisfy { matches($0.value, Self.values(at: [$0.key], in: value)) }
            }
        default: return values.contains { isEqual($0, wanted) }
        }
    }

    private func isEqual(_ value: JSONValue, _ wanted: JSONValue) -> Bool {
        guard let a = Self.text(value), let b = Self.text(wanted) else { return false }
        if a == b { return true }
        if path.last == "id" || name.hasSuffix("id") { return false }
        if let a = Self.milliseconds(value), let b = Self.milliseconds(wanted) { return a == b }
        return a.lowercased() == b.lowercased()
    }

    private static let orders: [String: @Sendable (Int) -> Bool] = [
        "gt": { $0 > 0 }, "gte": { $0 >= 0 }, "lt": { $0 < 0 }, "lte": { $0 <= 0 },
    ]

    /// Less than 0, 0, or more than 0; nil where the two cannot be compared.
    private static func compare(_ value: JSONValue, _ bound: JSONValue) -> Int? {
        if let a = milliseconds(value), let b = milliseconds(bound) { return a < b ? -1 : a > b ? 1 : 0 }
        guard let a = text(value), let b = text(bound) else { return nil }
        return a < b ? -1 : a > b ? 1 : 0
    }

    private static func milliseconds(_ value: JSONValue) -> Double? {
        guard case .string(let text) = value, text.utf8.count >= 10, text.utf8.dropFirst(4).first == UInt8(ascii: "-") else {
            return nil
        }
        guard let timeReader, let time = try? timeReader.evaluate(value), case .number(let number) = time else { return nil }
        return number.double
    }

    private static let timeReader = try? Expression("$toMillis($)")

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): number.text
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }

    /// All that lies at the end of the way, through lists.
    private static func values(at path: ArraySlice<String>, in value: JSONValue) -> [JSONValue] {
        if case .array(let items) = value { return items.flatMap { values(at: path, in: $0) } }
        guard let step = path.first else { return [value] }
        return value[step].map { values(at: path.dropFirst(), in: $0) } ?? []
    }

    private static func schema(at path: [String], in schema: JSONValue) -> JSONValue? {
        var schema = schema
        for step in path {
            while let items = schema["items"] { schema = items }
            guard let next = schema["properties"]?[step] else { return nil }
            schema = next
        }
        return schema
    }
}
