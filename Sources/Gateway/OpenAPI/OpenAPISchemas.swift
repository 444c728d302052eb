import JSON

/// Schemas that do not come from the catalog: errors and platform objects.
enum OpenAPISchemas {
    static let shared: JSONObject = [
        "Error": error, "Problem": problem, "Insight": insight, "Deleted": deleted, "Ping": ping,
        "Health": object(["status": text, "database": text], optional: ["database"]),
        "Environment": object([
            "id": id, "name": text, "team_id": id, "created_at": time, "updated_at": time,
        ]),
        "APIToken": object([
            "id": id, "name": text, "environment_id": id, "created_by": maybe("string"),
            "scopes": ["type": "array", "items": text], "expires_at": maybeTime, "last_used_at": maybeTime,
            "created_at": time, "updated_at": time,
        ]),
        "Integration": object(
            [
                "id": text, "name": text, "category": maybe("string"), "is_beta": flag, "sharing": text,
                "config": ["type": "object", "description": "Its label, logo and the fields that connect an account."],
                "description": text, "documentation_url": text,
            ], optional: ["description", "documentation_url"]),
        "UnifiedModel": object([
            "id": text, "name": text, "category": maybe("string"), "description": maybe("string"),
            "resources": ["type": "object", "description": "Schema and methods, by resource."],
            "integrations": ["type": "object", "description": "Mapped methods, by integration and resource."],
        ]),
        "EnvironmentIntegration": object([
            "id": id, "environment_id": id, "integration_id": text, "is_enabled": flag, "show_in_catalog": flag,
            "override": map, "integration": map, "version": version, "created_at": time, "updated_at": time,
        ]),
        "EnvironmentUnifiedModel": object([
            "id": id, "environment_id": id, "unified_model_id": text, "override": map, "unified_model": map,
            "version": version, "created_at": time, "updated_at": time,
        ]),
        "IntegratedAccount": object([
            "id": id, "tenant_id": text, "environment_id": id, "environment_integration_id": id,
            "context": ["type": "object", "description": "What is known of the connection; credentials never show."],
            "status": [
                "type": "string",
                "examples": [
                    "active", "connecting", "incomplete", "post_install_error", "validation_error", "needs_reauth",
                ],
            ],
            "last_error": [:], "last_action_result": [:], "last_forbidden_error": [:], "authentication_method": text,
            "region": maybe("string"), "is_sandbox": flag,
            "object_store_context_fields": ["type": "array", "items": text], "unified_model_override": map,
            "integration_override": map, "integration": map, "environment_integration": map, "version": version,
            "created_at": time, "updated_at": time,
        ]),
        "Webhook": object(
            [
                "id": id, "environment_id": id, "target_url": text, "event_types": ["type": "array", "items": text],
                "is_active": flag, "secret": ["type": "string", "description": "Shown once, when it is made."],
                "created_at": time, "updated_at": time,
            ], optional: ["secret"]),
        "WebhookDelivery": object([
            "id": id, "webhook_id": id, "event": text,
            "status": ["type": "string", "enum": ["pending", "delivered", "failed"]], "attempts": ["type": "integer"],
            "next_attempt_at": maybeTime, "last_status": maybe("integer"), "last_error": maybe("string"),
            "created_at": time, "updated_at": time,
        ]),
        "AuditEntry": object([
            "id": ["type": "integer", "description": "Its place in the log, from 1."], "created_at": time,
            "actor": text, "action": text, "subject": text, "environment_id": maybe("string"),
            "detail": ["type": "object", "description": "Hashes of what was there before and after, and what else is known."],
            "hash": ["type": "string", "description": "SHA-256 over the entry and the one before it."],
        ]),
        "LoggedCall": object(loggedCall),
        "LoggedCallWithExchange": object(JSONObject(loggedCall.elements + [(key: "exchange", value: maybe("object"))])),
        "Success": object(["success": flag]),
    ]

    private static let loggedCall: JSONObject = [
        "id": text, "created_at": time, "environment_id": id, "log_type": text, "request_id": maybe("string"),
        "trace_id": maybe("string"), "http_method": text, "route": maybe("string"), "host": maybe("string"),
        "resource": maybe("string"), "method": maybe("string"), "integration": maybe("string"),
        "integrated_account_id": maybe("string"), "status": maybe("integer"), "code": text,
        "duration_ms": ["type": "integer"], "provider_ms": maybe("integer"), "bytes_in": ["type": "integer"],
        "bytes_out": ["type": "integer"], "retries": ["type": "integer"],
    ]

    /// The envelope of platform lists.
    static func list(of name: String) -> JSONValue {
        object([
            "result": ["type": "array", "items": .schema(name)], "next_cursor": maybe("string"),
            "limit": ["type": "integer"],
        ])
    }

    static let text: JSONValue = ["type": "string"]
    static let flag: JSONValue = ["type": "boolean"]
    static let map: JSONValue = ["type": "object"]
    static let time: JSONValue = ["type": "string", "format": "date-time"]
    private static let id: JSONValue = ["type": "string", "format": "uuid"]
    private static let maybeTime: JSONValue = ["type": ["string", "null"], "format": "date-time"]
    static let version: JSONValue = [
        "type": "integer", "minimum": 1, "description": "Counts the writes; a change names the one it has seen.",
    ]

    private static func maybe(_ type: String) -> JSONValue { ["type": [.string(type), "null"]] }

    static func object(_ properties: JSONObject, optional: Set<String> = []) -> JSONValue {
        let required = properties.keys.filter { !optional.contains($0) }.map(JSONValue.string)
        var schema: JSONObject = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { schema["required"] = .array(required) }
        return .object(schema)
    }

    private static let deleted = object(["id": text])
    private static let ping = object(["status": text, "message": text], optional: ["status", "message"])
}
