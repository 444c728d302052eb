import Catalog
import JSON

/// The body of a unified call: JSON, and for a method that takes a file a form and the bare file too (see
/// docs/wire.md#request-bodies).
struct UnifiedRequestBody: Sendable {
    let method: UnifiedMethod

    private var file: UnifiedMethod.Parameter? { method.body.first(where: \.isFile) }

    var json: JSONValue {
        var content: JSONObject = [:]
        if let file {
            content["multipart/form-data"] = form(file)
            content["application/json"] = ["schema": encoded(file)]
            content["application/octet-stream"] = [
                "schema": [
                    "description":
                        "The file itself, with its own content type; its name in `Content-Disposition` or `file_name` of the query, everything else in the query."
                ]
            ]
        } else {
            content["application/json"] = ["schema": object(method.body)]
        }
        return ["required": .bool(method.body.contains(where: \.required)), "content": .object(content)]
    }

    /// The file as a part; every other part is a field.
    private func form(_ file: UnifiedMethod.Parameter) -> JSONValue {
        let fields = method.body
        var encoding: JSONObject = [:]
        for field in fields where field.schema["type"] == "object" {
            encoding[field.name] =
                field.name == "remote_data"
                ? ["contentType": "application/json"] : ["style": "deepObject", "explode": true]
        }
        let binary: JSONValue = [
            "type": "string", "contentMediaType": "application/octet-stream",
            "description": "The file, with its name and type. Put it last: it then streams through at once.",
        ]
        return ["schema": object(fields, replacing: [file.name: binary]), "encoding": .object(encoding)]
    }

    private func encoded(_ file: UnifiedMethod.Parameter) -> JSONValue {
        let text: JSONValue = [
            "type": "string",
            "description": "The file in base64 (standard or URL-safe, padding optional), or as a `data:` URI.",
            "examples": ["data:application/pdf;base64,JVBERi0xLjQ="],
        ]
        return object(method.body, replacing: [file.name: text])
    }

    private func object(
        _ parameters: [UnifiedMethod.Parameter], replacing: [String: JSONValue] = [:]
    ) -> JSONValue {
        var properties: JSONObject = [:]
        for parameter in parameters {
            var schema = replacing[parameter.name] ?? parameter.schema
            if replacing[parameter.name] == nil, case .object(var own) = schema {
                own["description"] = parameter.description.map(JSONValue.string)
                schema = .object(own)
            }
            properties[parameter.name] = schema
        }
        var object: JSONObject = ["type": "object", "properties": .object(properties)]
        let required = parameters.filter(\.required).map { JSONValue.string($0.name) }
        if !required.isEmpty { object["required"] = .array(required) }
        return .object(object)
    }
}
