import Accounts
import Catalog
import HTTPTypes
import JSON
import Testing
import Unified

@Suite struct OAuthClientDefinitionTests {
    /// A definition's credentials with `config` over what every one needs.
    private static func client(
        _ config: JSONObject, format: String = "oauth2", context: JSONObject = ["app": "id", "pass": "p w"]
    ) throws -> OAuthClient {
        var full: JSONObject = [
            "client": ["id": "{{app}}", "secret": "{{pass}}"],
            "auth": [
                "tokenHost": "https://auth.example", "tokenPath": "/token", "authorizePath": "/authorize",
                "refreshPath": "/refresh",
            ],
        ]
        for (name, value) in config { full[name] = value }
        let override: JSONValue = ["credentials": ["x": ["format": .string(format), "config": .object(full)]]]
        let integration = try Catalog(overrides: OverrideRules(hosts: ["auth.example", "*.example"], maySeeSecrets: true)).integration(
            "lever", environmentOverrides: Overrides(version: "1", integration: override), accountOverrides: nil)
        let credential = try #require(integration.credentials.first { $0.name == "x" })
        return try OAuthClient(credential, of: integration, context: context, openContext: [:])
    }

    private static func text(_ request: TokenRequest) -> String {
        String(decoding: request.body.exposed(), as: UTF8.self)
    }

    @Test func `a refresh is a form at the refresh path, with the client in the body`() throws {
        let request = try Self.client([:]).refreshRequest(refreshToken: Secret("r"))
        #expect(request.url == "https://auth.example/refresh")
        #expect(Self.text(request) == "grant_type=refresh_token&refresh_token=r&client_id=id&client_secret=p%20w")
    }

    private static let shapes: [(JSONObject, String)] = [
        (
            ["options": ["bodyFormat": "json"]],
            #"{"grant_type":"refresh_token","refresh_token":"r","client_id":"id","client_secret":"p w"}"#
        ),
        (["options": ["authorizationMethod": "header"]], "grant_type=refresh_token&refresh_token=r"),
        (
            ["refreshParams": ["audience": "{{app}}"], "tokenParams": ["no": "this"]],
            "grant_type=refresh_token&refresh_token=r&client_id=id&client_secret=p%20w&audience=id"
        ),
    ]

    @Test(arguments: shapes)
    func `options of a definition shape the request`(config: JSONObject, body: String) throws {
        let request = try Self.client(config).refreshRequest(refreshToken: Secret("r"))
        #expect(Self.text(request) == body)
        let isInHeader = request.headers.exposed().contains(.authorization)
        #expect(isInHeader == (config["options"]?["authorizationMethod"] == "header"))
    }

    @Test func `a client's own token is asked for at the token path, with its scopes and parameters`() throws {
        let config: JSONObject = [
            "scope": ["a", "b"], "options": ["scopeSeparator": ","], "tokenParams": ["audience": "api"],
        ]
        let client = try Self.client(config, format: "oauth2_client_credentials")
        #expect(client.grant == .clientCredentials)
        #expect(client.authorizeURL == nil)
        let request = client.clientCredentialsRequest()
        #expect(request.url == "https://auth.example/token")
        #expect(
            Self.text(request)
                == "grant_type=client_credentials&scope=a%2Cb&client_id=id&client_secret=p%20w&audience=api")
    }

    private static let lifetimes: [(JSONValue?, Int64?)] = [("60", 60), (60, 60), (nil, nil)]

    @Test(arguments: lifetimes)
    func `a life time of the definition holds where the response has none`(expiry: JSONValue?, seconds: Int64?) throws {
        var config = JSONObject()
        config["tokenExpiryDuration"] = expiry
        let response = TokenResponse(status: 200, body: Secret(Array(#"{"access_token":"a"}"#.utf8)))
        let token = try Self.client(config).tokens(response).exposed()
        #expect(token["expires_in"]?.int.map(Int64.init) == seconds)
    }

    @Test(arguments: [
        ("https://{{sub}}.example", "acme", "https://acme.example/token"), ("https://{{sub}}.example", "evil.com/#", nil),
        ("https://{{sub}}.example", "evil.com?", nil), ("https://{{gone}}.example", "x", nil),
    ])
    func `no value leads a secret to another host`(host: String, value: String, url: String?) {
        let config: JSONObject = ["auth": ["tokenHost": .string(host), "tokenPath": "/token"]]
        let client = try? Self.client(config, context: ["app": "id", "pass": "p", "sub": .string(value)])
        #expect(client?.tokenURL == url)
    }
}
