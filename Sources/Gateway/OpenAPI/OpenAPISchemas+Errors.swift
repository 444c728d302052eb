import JSON
import Unified

/// The two shapes of an error (docs/wire.md#errors; RFC 9457).
extension OpenAPISchemas {
    static let error = object(
        [
            "statusCode": ["type": "integer", "minimum": 400, "maximum": 599],
            "error": ["type": "string", "description": "The reason phrase of the status."],
            "message": ["type": "string", "description": "What is wrong, in a sentence."],
            "code": code, "request_id": requestID, "param": parameter, "hint": hint,
            "truto_is_remote_error": isRemote, "raw_response": rawResponse,
            "truto_error_insight": .schema("Insight"),
        ], optional: optional)

    static let problem = object(
        [
            "type": ["type": "string", "format": "uri-reference", "description": "The page about the code."],
            "title": text, "status": ["type": "integer", "minimum": 400, "maximum": 599], "detail": text,
            "code": code, "request_id": requestID, "param": parameter, "hint": hint,
            "truto_is_remote_error": isRemote, "raw_response": rawResponse,
            "truto_error_insight": .schema("Insight"),
        ], optional: optional)

    static let insight: JSONValue = [
        "type": "object", "description": "What a program can act on; each member is independent of the others.",
        "additionalProperties": [
            "type": "object", "required": ["description"], "properties": ["description": text, "value": [:]],
        ],
    ]

    private static let optional: Set = [
        "param", "hint", "truto_is_remote_error", "raw_response", "truto_error_insight",
    ]

    private static let code: JSONValue = [
        "type": "string", "description": "The stable name of the failure; see the list of errors.",
        "enum": .array(APIError.Code.all.map { .string($0.name) }),
    ]
    private static let requestID: JSONValue = [
        "type": "string", "description": "The id under which the call is logged.",
    ]
    private static let parameter: JSONValue = [
        "type": "string", "description": "The parameter, header or field at fault.",
    ]
    private static let hint: JSONValue = ["type": "string", "description": "What to do about it."]
    private static let isRemote: JSONValue = [
        "const": true, "description": "Set where the provider, not the gateway, refused the call.",
    ]
    private static let rawResponse: JSONValue = [
        "description": "What the provider answered: JSON if it is, else text; at most 64 KiB."
    ]
}
