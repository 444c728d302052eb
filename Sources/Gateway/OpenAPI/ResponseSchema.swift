import JSON

/// Schemas of what is answered.
enum ResponseSchema {
    /// A schema whose enums are open: a value without a counterpart is passed on as the provider names it (see
    /// docs/wire.md#responses), so a client must not refuse it.
    static func opened(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .array(let items): return .array(items.map(opened))
        case .object(let object):
            var out: JSONObject = [:]
            for (key, value) in object {
                if key == "enum", let values = value.array {
                    out["examples"] = value
                    let known = values.compactMap(\.string).map { "`\($0)`" }.joined(separator: ", ")
                    let text = object["description"]?.string.map { "\($0) " } ?? ""
                    out["description"] = .string("\(text)Known values: \(known).")
                } else if key == "description", object["enum"] != nil {
                    continue
                } else {
                    out[key] = opened(value)
                }
            }
            return .object(out)
        default: return schema
        }
    }

    /// What a write says beside its record.
    static let warnings: JSONValue = [
        "type": "array",
        "items": [
            "type": "object", "required": ["code", "message"],
            "properties": ["code": ["type": "string"], "param": ["type": "string"], "message": ["type": "string"]],
        ],
        "description": "What was not carried out: `code` says why, such as `not_supported`, and `param` what.",
    ]

    /// What a call of several steps says of each: see docs/applications.md.
    private static let steps: JSONValue = [
        "type": "array",
        "items": [
            "type": "object", "required": ["name", "status"],
            "properties": [
                "name": ["type": "string", "description": "Such as `candidate` or `attachments[0]`."],
                "status": ["type": "string", "description": "`done`, `reused`, `sending`, `failed` or `unknown`."],
                "id": ["type": "string", "description": "Of what the step made or found."],
                "with": ["type": "string", "description": "The step whose call carried this one out too."],
                "code": ["type": "string", "description": "Why it failed."],
                "http_status": ["type": "integer", "description": "Of the failure."],
            ],
        ],
        "description": "What was done, in its order.",
    ]

    /// A record with what a write says beside its fields.
    static func written(_ record: JSONValue, inSteps: Bool) -> JSONValue {
        var properties: JSONObject = ["warnings": warnings]
        if inSteps {
            properties["steps"] = steps
            properties["on_duplicate_candidate"] = ["type": "string", "description": "The policy that applied."]
            properties["duplicate_policy_of"] = ["type": "string", "description": "Whose it is: `caller` or `vendor`."]
        }
        return ["allOf": [record, ["type": "object", "properties": .object(properties)]]]
    }

    /// The envelope of a unified list.
    static func list(of record: JSONValue) -> JSONValue {
        [
            "type": "object",
            "required": ["result", "next_cursor", "prev_cursor", "result_count"],
            "properties": [
                "result": ["type": "array", "items": record],
                "next_cursor": ["type": ["string", "null"], "description": "For the next page; null at the end."],
                "prev_cursor": ["type": "null", "description": "Lists are read forward"],
                "result_count": ["type": "integer", "description": "Records of this page."],
                "is_partial_response": [
                    "type": "boolean", "description": "Whether the records lack fields that `get` would bring.",
                ],
                "warnings": [
                    "type": "array", "items": ["type": "object"],
                    "description": "References that `truto_expand` could not fill: `code`, `field`, `id`, `status`, `message`.",
                ],
            ],
        ]
    }
}
