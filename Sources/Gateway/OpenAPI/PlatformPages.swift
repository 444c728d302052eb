import JSON
import Storage

/// What `/openapi.json` says of each platform route, by the name that the route table gives it.
enum PlatformPages {
    struct Page: Sendable {
        var tag: String
        var summary: String
        var description: String?
        var parameters: [JSONValue] = []
        var body: JSONValue?
        var response: JSONValue
        var responseDescription = "Done."
        /// Refusals besides those that every route of its kind can respond.
        var errors: [OpenAPIResponses.Name] = []
    }

    static let all: [String: Page] = [general, links, installations, accounts, webhooks, credentials]
        .reduce([:]) { $0.merging($1) { a, _ in a } }

    private static let general: [String: Page] = [
        "health": Page(
            tag: "Gateway", summary: "Says whether calls can be made",
            description:
                "Ready means that the database answers. While it does not, or the gateway goes down, the response is 503 with `Retry-After`.",
            response: .schema("Health"), responseDescription: "They can."),
        "healthReady": Page(
            tag: "Gateway", summary: "Says whether calls can be made", description: "The same as `/health`.",
            response: .schema("Health"), responseDescription: "They can."),
        "healthLive": Page(
            tag: "Gateway", summary: "Says that the process answers",
            description: "Whatever the database does, and also while the gateway goes down.",
            response: .schema("Health"), responseDescription: "It does."),
        "ping": Page(
            tag: "Gateway", summary: "Says that the token works", response: .schema("Ping"),
            responseDescription: "It does."),
        "listEnvironments": list("Environments", "environments", "Environment", EnvironmentField.self),
        "getEnvironment": get("Environments", "an environment", "Environment"),
        "listAPITokens": list("API tokens", "API tokens", "APIToken", TokenField.self),
        "getAPIToken": get("API tokens", "an API token, without its secret", "APIToken"),
        "listAuditEntries": Page(
            tag: "Audit", summary: "Lists what was done in the environment, and by whom",
            description: "The newest entry comes first. `actor` is `token ID`, `account token ACCOUNT`, `link token ID` "
                + "(a person on the connect page), `cli USER`, or `system`.",
            parameters: ["limit", "next_cursor"].map(JSONValue.parameter),
            response: OpenAPISchemas.list(of: "AuditEntry"), responseDescription: "One page."),
        "listCalls": Page(
            tag: "Log", summary: "Lists calls to the gateway and to providers",
            description: "The newest comes first. `log_type` is `unified_proxy_api` (unified calls), `platform` (other calls to "
                + "the gateway), `provider` (calls to providers) or `webhook`. `log_type_filter[status]=422` compares a field, "
                + "and so does `status[gte]=400`. An entry holds no body, no header and no query.",
            parameters: CallField.allCases.map(filter)
                + [
                    ["name": "log_type_filter", "in": "query", "style": "deepObject", "schema": ["type": "object"]],
                    ["name": "limit", "in": "query", "schema": ["type": "integer", "minimum": 1, "maximum": 100]],
                    .parameter("next_cursor"),
                ],
            response: OpenAPISchemas.list(of: "LoggedCall"), responseDescription: "One page."),
        "getCall": Page(
            tag: "Log", summary: "Gets a call",
            description: "`exchange` is what the provider was sent and how it refused, without secrets, where `log.keep_failures` "
                + "has the gateway keep that of failed calls. Otherwise, and for a token with scopes, it is null.",
            response: .schema("LoggedCallWithExchange"), responseDescription: "The record."),
        "listIntegrations": Page(
            tag: "Catalog", summary: "Lists what can be connected", parameters: names,
            response: OpenAPISchemas.list(of: "Integration"), responseDescription: "All integrations."),
        "getIntegration": get("Catalog", "an integration", "Integration"),
        "getIntegrationCapabilities": capabilities("an integration"),
        "getAccountCapabilities": capabilities("an account's integration"),
        "listUnifiedModels": Page(
            tag: "Catalog", summary: "Lists the unified models", parameters: names,
            response: OpenAPISchemas.list(of: "UnifiedModel"), responseDescription: "All models."),
        "getUnifiedModel": get("Catalog", "a unified model", "UnifiedModel"),
    ]

    private static func capabilities(_ what: String) -> Page {
        let filters: [(String, JSONValue)] = [
            ("type", ["type": "string", "enum": ["proxy", "unified", "all"], "default": "all"]),
            ("methods", OpenAPISchemas.text), ("resource", OpenAPISchemas.text),
            ("has_description", ["type": "boolean", "default": true]),
        ]
        return Page(
            tag: "Catalog", summary: "Lists what \(what) offers",
            description:
                "Methods with their limits: `max_file_size` in bytes, `accepted_types`, `refused_types`, and how a file reaches the "
                + "provider.",
            parameters: filters.map { ["name": .string($0.0), "in": "query", "schema": $0.1] },
            response: ["type": "object"], responseDescription: "Resources and methods.")
    }

    private static let names = ["name", "category"].map { name -> JSONValue in
        ["name": .string(name), "in": "query", "schema": OpenAPISchemas.text]
    }

    static func list<Field: FilterField>(_ tag: String, _ what: String, _ schema: String, _: Field.Type) -> Page {
        Page(
            tag: tag, summary: "Lists \(what)",
            description: "Fields can be compared: `created_at[gt]=…`, `id[in]=a,b`, `name[like]=%25x%25`.",
            parameters: Field.allCases.map(filter) + ["limit", "next_cursor"].map(JSONValue.parameter),
            response: OpenAPISchemas.list(of: schema), responseDescription: "One page.")
    }

    static func get(_ tag: String, _ what: String, _ schema: String) -> Page {
        Page(tag: tag, summary: "Gets \(what)", response: .schema(schema), responseDescription: "The record.")
    }

    private static func filter(_ field: some FilterField) -> JSONValue {
        let schema: JSONValue =
            switch field.kind {
            case .text: OpenAPISchemas.text
            case .time: OpenAPISchemas.time
            case .flag: OpenAPISchemas.flag
            case .number: ["type": "integer"]
            }
        return ["name": .string(field.rawValue), "in": "query", "schema": schema]
    }
}
