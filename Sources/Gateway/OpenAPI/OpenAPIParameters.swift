import JSON
import Unified

/// Query parameters that many calls share (docs/wire.md#query-parameters).
enum OpenAPIParameters {
    /// Of every unified call, in the order of the contract.
    static let ofUnifiedCalls = [
        "integrated_account_id", "truto_response_format", "truto_ignore_remote_data", "truto_exclude_fields",
        "remote_query",
    ]

    /// Of unified calls with a body.
    static let ofBodies = ["truto_body_passthrough"]

    /// Of unified calls that store a file.
    static let ofFiles = ["require_candidate"]

    /// Of unified calls that change something.
    static let ofWrites = ["idempotency_key"]

    /// Of unified lists.
    static let ofLists = ["limit", "next_cursor", "truto_key_by", "truto_ignore_limit"]

    static let shared: JSONObject = [
        "integrated_account_id": [
            "name": "integrated_account_id", "in": "query", "required": true,
            "description": "The customer's connection that the call is for.",
            "schema": ["type": "string", "format": "uuid"],
        ],
        "truto_response_format": [
            "name": "truto_response_format", "in": "query",
            "description": .string(
                "What of the provider's response comes back: mapped fields with `remote_data` (`unified`), every field "
                    + "with null for what is missing (`normalized`), the provider's own response (`raw`), the same as it "
                    + "arrives (`stream`), or the mapped response beside the provider's (`debug`)."),
            "schema": [
                "type": "string", "default": "unified",
                "enum": .array(ResponseFormat.allCases.map { .string($0.rawValue) }),
            ],
        ],
        "truto_ignore_remote_data": boolean("truto_ignore_remote_data", "Leaves `remote_data` out of the response."),
        "truto_exclude_fields": [
            "name": "truto_exclude_fields", "in": "query",
            "description": "Top-level fields to leave out; repeated, with brackets, or parted by commas.",
            "schema": ["type": "array", "items": ["type": "string"]],
        ],
        "remote_query": [
            "name": "remote_query", "in": "query", "style": "deepObject", "explode": true,
            "description": "Goes to the provider as it is, over what the mapping made: `remote_query[name]=value`.",
            "schema": ["type": "object", "additionalProperties": ["type": "string"]],
        ],
        "truto_body_passthrough": boolean(
            "truto_body_passthrough", "Sends the body to the provider byte for byte, with its own content type."),
        "require_candidate": boolean(
            "require_candidate", "Refuses the file where neither a candidate nor an application is named."),
        "idempotency_key": [
            "name": "Idempotency-Key", "in": "header",
            "description": "Carries the call out once: the same key with the same call is answered the same again.",
            "schema": ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"],
        ],
        "truto_ignore_limit": boolean("truto_ignore_limit", "Ignores `limit`."),
        "truto_key_by": [
            "name": "truto_key_by", "in": "query",
            "description": "Makes `result` an object whose keys are this field of each record.",
            "schema": ["type": "string"],
        ],
        "limit": [
            "name": "limit", "in": "query", "description": "Most records of a page.",
            "schema": ["type": "integer", "minimum": 1],
        ],
        "next_cursor": [
            "name": "next_cursor", "in": "query",
            "description": "The `next_cursor` of the page before; absent or empty for the first.",
            "schema": ["type": "string"],
        ],
    ]

    /// Differs from resource to resource.
    static func expand(_ fields: [String]) -> JSONValue {
        [
            "name": "truto_expand", "in": "query",
            "description": .string(
                "Fields whose references are filled with the records that they point to; repeated, with brackets, or parted by "
                    + "commas. A field that the integration cannot fill is refused; a record that cannot be had stays as it is, with "
                    + "an entry in `warnings`."),
            "schema": ["type": "array", "items": ["type": "string", "enum": .array(fields.map(JSONValue.string))]],
        ]
    }

    private static func boolean(_ name: String, _ description: String) -> JSONValue {
        [
            "name": .string(name), "in": "query", "description": .string(description),
            "schema": ["type": "boolean", "default": false],
        ]
    }
}
