import JSON

extension PlatformPages {
    static let credentials: [String: Page] = [
        "refreshCredentials": Page(
            tag: accountTag, summary: "Refreshes an account's OAuth tokens now",
            description: "Tokens are refreshed by themselves before they end; this is for when that is not enough.",
            body: OpenAPISchemas.object(["id": ["type": "string", "description": "The integrated account's id."]]),
            response: OpenAPISchemas.object(["success": OpenAPISchemas.flag]),
            responseDescription: "There are new credentials.", errors: [.badGateway]),
        "replaceCredentials": Page(
            tag: accountTag, summary: "Replaces an account's credentials",
            description: "An account that was `needs_reauth` is `active` again.",
            body: OpenAPISchemas.object(
                [
                    "context": [
                        "type": "object",
                        "description":
                            "The new ones by the names of the fields, OAuth tokens under `oauth.token`; the rest stays.",
                    ],
                    "authentication_method": OpenAPISchemas.text, "version": OpenAPISchemas.version,
                ], optional: ["authentication_method", "version"]),
            response: .schema("IntegratedAccount"), responseDescription: "The account as it is now."),
    ]
}
