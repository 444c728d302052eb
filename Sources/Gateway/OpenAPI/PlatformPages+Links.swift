import JSON

extension PlatformPages {
    static let links: [String: Page] = [
        "createLinkToken": Page(
            tag: tag, summary: "Makes a link token",
            description: "It opens the connect page once, within seven days: `/connect?link_token=…`. Name a "
                + "`tenant_id` to connect a new account, or an `integrated_account_id` to connect that one again.",
            body: OpenAPISchemas.object(linkBody, optional: Set(linkBody.keys)),
            response: OpenAPISchemas.object(["link_token": OpenAPISchemas.text]),
            responseDescription: "The token; it is not shown again."),
        "createAccountToken": Page(
            tag: tag, summary: "Makes a token for one integrated account",
            description: "For 15 minutes it may make that account's calls and read and change its settings, nothing "
                + "else; a browser may have it.",
            body: OpenAPISchemas.object(["integrated_account_id": OpenAPISchemas.text]),
            response: OpenAPISchemas.object(["integrated_account_token": OpenAPISchemas.text]),
            responseDescription: "The token; it is not shown again."),
        "getOwnAccount": Page(
            tag: tag, summary: "Gets the account that the token stands for",
            description: "With an integrated-account token.", response: .schema("IntegratedAccount"),
            responseDescription: "The account."),
        "updateOwnAccount": Page(
            tag: tag, summary: "Changes the settings of the account that the token stands for",
            description: "With an integrated-account token. `context` is merged member by member, null removes one. "
                + "Credentials, and what decides where calls go, cannot be changed this way.",
            body: OpenAPISchemas.object(
                ["context": OpenAPISchemas.map, "version": OpenAPISchemas.version], optional: ["context", "version"]),
            response: .schema("IntegratedAccount"), responseDescription: "The account as it is now."),
        "runPostInstallActions": Page(
            tag: tag, summary: "Runs the integration's actions with an account once more",
            description: "Those that run after connecting, and the check of the credentials. The account's `status` and "
                + "`last_action_result` tell how it went.",
            body: OpenAPISchemas.object(["id": OpenAPISchemas.text]),
            response: OpenAPISchemas.object(["success": OpenAPISchemas.flag]), responseDescription: "All went well.",
            errors: OpenAPIResponses.Name.allCases),
    ]

    private static let tag = "Connecting"

    private static let linkBody: JSONObject = [
        "tenant_id": ["type": "string", "minLength": 1, "description": "Your own name for the customer."],
        "integrated_account_id": ["type": "string", "format": "uuid", "description": "The account to connect again."],
        "scopes": texts("OAuth scopes to ask for instead of the definition's."),
        "environment_unified_model_id": texts("Offers only integrations that map one of these installed models."),
        "context": ["type": "object", "description": "Put over what the person enters, who is not asked for it."],
        "redirect_uri": [
            "type": "string", "format": "uri",
            "description": "Where the browser goes with `result`, `integrated_account_id` and `error_type`.",
        ],
        "opener_origin": [
            "type": "string",
            "description": "Without `redirect_uri`: the only origin whose page is told the result by `postMessage`.",
        ],
        "application_name": [
            "type": "string", "maxLength": 100,
            "description": "In whose name the page asks; without it the environment's name is shown.",
        ],
        "application_logo": [
            "type": "string", "maxLength": 100_000,
            "description": "Shown beside it: a `data:` address of a PNG, JPEG, GIF, WebP or SVG image in base64.",
        ],
        "persist_previous_context": [
            "type": "boolean", "default": false, "description": "Connecting again keeps what is not entered anew.",
        ],
        "region": OpenAPISchemas.text,
    ]

    private static func texts(_ description: String) -> JSONValue {
        ["type": "array", "items": OpenAPISchemas.text, "description": .string(description)]
    }
}
