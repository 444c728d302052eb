import Accounts
import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Storage
import Testing

/// A customer of the sandbox who lets an application use their account.
struct LeverConsent {
    static let scopes = "offline_access uploads:write:admin files:write:admin resumes:read:admin"

    /// The members of a token response, as the authorization code grant gives them.
    static func token(at sandbox: String) async throws -> JSONObject {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let token = try await token(at: sandbox, client)
            try await client.shutdown()
            return token
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private static func token(at sandbox: String, _ client: HTTPClient) async throws -> JSONObject {
        let redirect = "http://127.0.0.1:1/callback"
        let scope = scopes.replacing(" ", with: "%20")
        let page = HTTPClientRequest(
            url: "\(sandbox)/authorize?response_type=code&client_id=\(LeverSeed.oauthClientID)&audience=a"
                + "&redirect_uri=\(redirect)&scope=\(scope)")
        let response = try await client.execute(page, timeout: .minutes(1))
        let location = try #require(response.headers.first(name: "location"))
        let code = try #require(location.firstMatch(of: /code=([^&]+)/)).1
        var request = HTTPClientRequest(url: "\(sandbox)/oauth/token")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(
            ByteBuffer(
                string: "grant_type=authorization_code&code=\(code)&redirect_uri=\(redirect)"
                    + "&client_id=\(LeverSeed.oauthClientID)&client_secret=\(LeverSeed.oauthClientSecret)"))
        let tokens = try await client.execute(request, timeout: .minutes(1))
        let body = try await tokens.body.collect(upTo: 1 << 16)
        return try #require(try JSONValue.parse(body.readableBytesView).object)
    }
}

extension AccountServices {
    /// Turns an environment's integration to the sandbox, OAuth application and all.
    func install(_ demo: SandboxAccount, override: JSONObject? = nil, environment: String) async throws {
        let installed = try await environmentIntegrations.findOrInstall(demo.integration, environment: environment)
        var override = override ?? demo.override
        // The sandbox of these tests has no limits that calls would have to wait for.
        override["rate_limit"] = ["limits": []]
        let patch = EnvironmentIntegrationPatch(override: .object(override))
        _ = try await environmentIntegrations.update(installed.id, environment: environment, patch)
    }

    /// An account that a customer of the sandbox has connected by OAuth.
    ///
    /// - Parameter isOver: whether the gateway takes the access token for one that has ended.
    func connectByOAuth(_ sandbox: SandboxServer, environment: String, isOver: Bool = false) async throws -> String {
        try await install(sandbox.demo, environment: environment)
        var token = try await LeverConsent.token(at: sandbox.baseURL)
        if isOver { token["expires_at"] = "2020-01-01T00:00:00.000Z" }
        return try await integratedAccounts.create(
            NewIntegratedAccount(
                tenantID: "acme", installation: .integration(sandbox.vendor),
                authenticationMethod: "oauth2",
                context: Secret(["oauth": ["token": .object(token)], "perform_as": .string(LeverSeed.performAs)])),
            environment: environment
        ).id
    }
}
