import Catalog
import JSON

/// A parameter of a unified method's own query.
enum QueryParameter {
    /// - Parameter isFilter: whether times can be compared, as in lists: `created_at[gt]=…`.
    static func json(_ parameter: UnifiedMethod.Parameter, isFilter: Bool) -> JSONValue {
        var object: JSONObject = ["name": .string(parameter.name), "in": "query"]
        if parameter.required { object["required"] = true }
        object["description"] = description(parameter).map(JSONValue.string)
        var schema = parameter.schema
        if isFilter, schema["format"] == "date-time" { schema = comparisons }
        if case .object(var own) = schema {
            own["description"] = nil
            schema = .object(own)
        }
        if schema["type"] == "object" {
            object["style"] = "deepObject"
            object["explode"] = true
        }
        object["schema"] = schema
        return .object(object)
    }

    private static func description(_ parameter: UnifiedMethod.Parameter) -> String? {
        let parts = [parameter.description, parameter.conditionallyRequired].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private static let comparisons: JSONValue = [
        "type": "object",
        "properties": [
            "gt": ["type": "string", "format": "date-time"], "gte": ["type": "string", "format": "date-time"],
            "lt": ["type": "string", "format": "date-time"], "lte": ["type": "string", "format": "date-time"],
        ],
        "additionalProperties": false,
    ]
}
