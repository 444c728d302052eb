public import JSON

/// What a gateway needs to connect an account to a pretend vendor.
public struct SandboxDemo: Sendable {
    /// The integration's name in a catalog.
    public var integration: String
    public var authenticationMethod: String
    /// Credentials and settings, by the fields of the integration.
    public var context: JSONObject
    /// Sends the integration's calls here instead of to the real vendor.
    public var integrationOverride: JSONObject
    /// Over the integration in an environment: calls, people and token requests come here, and the OAuth application
    /// is the sandbox's. Accounts can be connected by OAuth with it.
    public var environmentOverride: JSONObject
    /// A candidate that takes files.
    public var candidateID: String
}

extension SandboxServer {
    /// An account that may do everything.
    public var demo: SandboxDemo {
        switch vendor {
        case .lever:
            SandboxDemo(
                integration: "lever", authenticationMethod: "api_key",
                context: ["api_key": .string(LeverSeed.apiKey), "perform_as": .string(LeverSeed.performAs)],
                integrationOverride: ["base_url": .string(baseURL)],
                environmentOverride: [
                    "base_url": .string(baseURL),
                    "credentials": ["oauth2": ["config": oauth]],
                ],
                candidateID: LeverSeed.opportunity
            )
        }
    }

    /// As `config` of OAuth credentials in a definition.
    private var oauth: JSONValue {
        [
            "client": ["id": .string(LeverSeed.oauthClientID), "secret": .string(LeverSeed.oauthClientSecret)],
            "auth": [
                "tokenHost": .string(baseURL), "authorizeHost": .string(baseURL),
                "issuer": .string("\(baseURL)/"), "issuer_required": true,
            ],
        ]
    }
}
