import JSON

/// One operation: a path, a method and what belongs to them.
struct OpenAPIOperation: Sendable {
    var path: String
    /// In capitals.
    var method: String
    var id: String
    var tag: String
    var tagDescription: String?
    var summary: String
    var description: String?
    var parameters: [JSONValue] = []
    var requestBody: JSONValue?
    /// What a success looks like, by media type.
    var success: JSONObject
    var successDescription: String
    /// Names of `OpenAPIResponses` beside those of every call.
    var errors: [OpenAPIResponses.Name]
    /// Whether anyone may call it.
    var isOpen = false

    var json: JSONValue {
        var object: JSONObject = ["operationId": .string(id), "tags": [.string(tag)], "summary": .string(summary)]
        object["description"] = description.map(JSONValue.string)
        if isOpen { object["security"] = [] }
        if !allParameters.isEmpty { object["parameters"] = .array(allParameters) }
        object["requestBody"] = requestBody
        var responses: JSONObject = [
            "200": [
                "description": .string(successDescription), "headers": OpenAPIResponses.successHeaders,
                "content": .object(success),
            ]
        ]
        for name in errors.sorted(by: { $0.status < $1.status }) {
            responses[name.status] = ["$ref": .string("#/components/responses/\(name.rawValue)")]
        }
        object["responses"] = .object(responses)
        return .object(object)
    }

    /// The placeholders of the path first.
    private var allParameters: [JSONValue] {
        let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
        return names.map { name in
            [
                "name": .string(String(name)), "in": "path", "required": true,
                "description": "The id of the record.", "schema": ["type": "string", "minLength": 1],
            ]
        } + parameters
    }
}

extension JSONValue {
    /// A reference to a schema of the document.
    static func schema(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    /// A reference to a parameter of the document.
    static func parameter(_ name: String) -> JSONValue { ["$ref": .string("#/components/parameters/\(name)")] }
}
