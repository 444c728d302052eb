import Accounts
import JSON
import Storage

extension PlatformPages {
    static let accounts: [String: Page] = [
        "listIntegratedAccounts": list(
            accountTag, "integrated accounts", "IntegratedAccount", AccountField.self),
        "createIntegratedAccount": Page(
            tag: accountTag, summary: "Connects a customer's account",
            description: "Credentials go into `context`. They are encrypted and never shown again.",
            body: OpenAPISchemas.object(
                accountBody, optional: Set(accountBody.keys).subtracting(["tenant_id"])),
            response: .schema("IntegratedAccount"), responseDescription: "The account."),
        "getIntegratedAccount": get(accountTag, "an integrated account", "IntegratedAccount"),
        "updateIntegratedAccount": Page(
            tag: accountTag, summary: "Changes an integrated account",
            description: "`context` is merged member by member, null removes one.",
            body: OpenAPISchemas.object(accountPatch, optional: Set(accountPatch.keys)),
            response: .schema("IntegratedAccount"), responseDescription: "The account as it is now."),
        "deleteIntegratedAccount": delete(accountTag, "an integrated account and its credentials"),
        "deleteIntegratedAccounts": Page(
            tag: accountTag, summary: "Deletes many integrated accounts",
            description: "`ids` or `tenant_id`, not both. Ids that are not there are passed over.",
            body: selection, response: .schema("Success"), responseDescription: "They are gone."),
    ]

    static let installations: [String: Page] = [
        "listEnvironmentIntegrations": list(
            installationTag, "installed integrations", "EnvironmentIntegration", EnvironmentIntegrationField.self),
        "installIntegration": Page(
            tag: installationTag, summary: "Installs an integration",
            body: OpenAPISchemas.object(
                [
                    "integration_id": OpenAPISchemas.text, "is_enabled": OpenAPISchemas.flag,
                    "show_in_catalog": OpenAPISchemas.flag, "override": OpenAPISchemas.map,
                ], optional: ["is_enabled", "show_in_catalog", "override"]),
            response: .schema("EnvironmentIntegration"), responseDescription: "The installation."),
        "getEnvironmentIntegration": get(installationTag, "an installed integration", "EnvironmentIntegration"),
        "updateEnvironmentIntegration": Page(
            tag: installationTag, summary: "Changes an installed integration",
            description: "`override` replaces the stored one.",
            body: OpenAPISchemas.object(
                [
                    "is_enabled": OpenAPISchemas.flag, "show_in_catalog": OpenAPISchemas.flag,
                    "override": OpenAPISchemas.map, "version": OpenAPISchemas.version,
                ], optional: ["is_enabled", "show_in_catalog", "override", "version"]),
            response: .schema("EnvironmentIntegration"), responseDescription: "The installation as it is now."),
        "uninstallIntegration": delete(installationTag, "an installation that no account uses"),
        "listEnvironmentUnifiedModels": list(
            installationTag, "installed unified models", "EnvironmentUnifiedModel",
            EnvironmentUnifiedModelField.self),
        "installUnifiedModel": Page(
            tag: installationTag, summary: "Installs a unified model",
            description: "Needed only to override it: every model of the catalog can be called without.",
            body: OpenAPISchemas.object(
                ["unified_model_id": OpenAPISchemas.text, "override": OpenAPISchemas.map], optional: ["override"]),
            response: .schema("EnvironmentUnifiedModel"), responseDescription: "The installation."),
        "getEnvironmentUnifiedModel": get(installationTag, "an installed unified model", "EnvironmentUnifiedModel"),
        "updateEnvironmentUnifiedModel": Page(
            tag: installationTag, summary: "Changes an installed unified model",
            body: OpenAPISchemas.object(
                ["override": OpenAPISchemas.map, "version": OpenAPISchemas.version], optional: ["version"]),
            response: .schema("EnvironmentUnifiedModel"), responseDescription: "The installation as it is now."),
        "uninstallUnifiedModel": delete(installationTag, "the overrides of a unified model"),
    ]

    static let accountTag = "Integrated accounts"
    private static let installationTag = "Installations"

    private static let accountBody: JSONObject = [
        "tenant_id": ["type": "string", "minLength": 1, "description": "Your own name for the customer."],
        "integration": ["type": "string", "description": "The integration's name; installed if it is not."],
        "environment_integration_id": ["type": "string", "format": "uuid", "description": "Instead of `integration`."],
        "authentication_method": ["type": "string", "description": "Needed where the integration has several."],
        "context": ["type": "object", "description": "Credentials and settings by the names of the fields."],
        "is_sandbox": OpenAPISchemas.flag, "region": OpenAPISchemas.text,
        "unified_model_override": OpenAPISchemas.map, "integration_override": OpenAPISchemas.map,
    ]

    private static let selection: JSONValue = [
        "description": "Either the ids of accounts, or a tenant whose accounts are all meant.",
        "oneOf": [
            OpenAPISchemas.object([
                "ids": [
                    "type": "array", "items": OpenAPISchemas.text, "minItems": 1,
                    "maxItems": .number(JSONNumber(AccountSelection.largestCount)),
                ]
            ]),
            OpenAPISchemas.object(["tenant_id": ["type": "string", "minLength": 1, "maxLength": 255]]),
        ],
    ]

    private static let accountPatch: JSONObject = [
        "context": OpenAPISchemas.map, "tenant_id": ["type": "string", "minLength": 1],
        "authentication_method": OpenAPISchemas.text, "is_sandbox": OpenAPISchemas.flag,
        "unified_model_override": ["type": ["object", "null"]],
        "integration_override": ["type": ["object", "null"]], "version": OpenAPISchemas.version,
    ]

    static func delete(_ tag: String, _ what: String) -> Page {
        Page(tag: tag, summary: "Deletes \(what)", response: .schema("Deleted"), responseDescription: "Its id.")
    }
}
