import JSON
import JSONata

/// Checks query parameters that the schema calls `date-time`: a time, or comparisons `{gt, gte, lt, lte}` with times.
enum DateTimeParameters {
    static func firstInvalid(
        _ parameters: [UnifiedMethod.Parameter], in query: JSONObject
    ) -> RequestValidation.InvalidParameter? {
        for parameter in parameters where parameter.schema["format"]?.string == "date-time" {
            guard let value = query[parameter.name] else { continue }
            if let rule = fault(value) { return .init(name: parameter.name, rule: rule) }
        }
        return nil
    }

    private static func fault(_ value: JSONValue) -> String? {
        let times = value.object?.elements ?? [(key: "gte", value: value)]
        for (comparison, time) in times {
            guard ["gt", "gte", "lt", "lte"].contains(comparison) else { return "can be compared by gt, gte, lt and lte" }
            guard let text = time.string, isTime(text) else { return "must be an ISO 8601 date-time" }
        }
        return nil
    }

    /// Whether the mapping language reads the text as a time: then no mapping can stumble over it.
    private static func isTime(_ text: String) -> Bool {
        (try? reader?.evaluate(.string(text))) != nil
    }

    private static let reader = try? Expression("$toMillis($)")
}
