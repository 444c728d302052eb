package import JSON
import JSONata

/// Checks query parameters that the schema calls `date-time`: a time, or comparisons `{gt, gte, lt, lte}` with times.
package enum DateTimeParameters {
    /// What a value that is none must be.
    package static let rule = "must be an ISO 8601 date-time"

    /// The names of those among `parameters`.
    static func names(_ parameters: [UnifiedMethod.Parameter]) -> [String] {
        parameters.filter { $0.schema["format"]?.string == "date-time" }.map(\.name)
    }

    static func firstInvalid(_ names: [String], in query: JSONObject) -> RequestValidation.InvalidParameter? {
        for name in names {
            guard let value = query[name] else { continue }
            if let rule = fault(value) { return .init(name: name, rule: rule) }
        }
        return nil
    }

    /// How a time can be compared; nil for any other parameter.
    static func bounds(of parameter: UnifiedMethod.Parameter) -> [String]? {
        parameter.schema["format"]?.string == "date-time" ? ["gt", "gte", "lt", "lte"] : nil
    }

    /// The query with a time by itself (`created_at=…`) written as `gte` and `lte`: mappings of lists read bounds alone.
    static func asBounds(_ names: [String], in query: JSONObject) -> JSONObject {
        var query = query
        for name in names {
            guard let time = query[name]?.string, !time.isEmpty else { continue }
            query[name] = ["gte": .string(time), "lte": .string(time)]
        }
        return query
    }

    /// Whether a value is a time, as text.
    package static func isTime(_ value: JSONValue) -> Bool { value.string.flatMap(milliseconds) != nil }

    private static func fault(_ value: JSONValue) -> String? {
        let times = value.object?.elements ?? [(key: "gte", value: value)]
        for (comparison, time) in times {
            guard ["gt", "gte", "lt", "lte"].contains(comparison) else { return "can be compared by gt, gte, lt and lte" }
            guard let text = time.string, milliseconds(text) != nil else { return rule }
        }
        return nil
    }

    /// The text as a time in milliseconds since 1970, read by the mapping language, so that mappings can read it too. Nil where
    /// it is not a time.
    static func milliseconds(_ text: String) -> Double? {
        guard let reader, let time = try? reader.evaluate(.string(text)), case .number(let number) = time else { return nil }
        return number.double
    }

    private static let reader = try? Expression("$toMillis($)")
}
