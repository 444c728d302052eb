import Accounts
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

extension TestGateway {
    func send(_ method: HTTPMethod, _ path: String, _ json: JSONValue, authorization: String? = "house") async throws -> Answer {
        try await call(
            method, path, headers: [("content-type", "application/json")], body: ByteBuffer(bytes: json.bytes()),
            authorization: authorization)
    }

    /// Turns the environment's Lever to the sandbox, so that people can connect it.
    func offerLever() async throws {
        let installation = try await accounts.environmentIntegrations.findOrInstall("lever", environment: environmentID)
        var override = try sandbox.demo.override
        // No part of the definition, and not to be taken for one.
        override["environment_variables"] = ["colour": "green"]
        _ = try await accounts.environmentIntegrations.update(
            installation.id, environment: environmentID, EnvironmentIntegrationPatch(override: .object(override)))
    }

    func linkToken(_ body: JSONObject = ["tenant_id": "t1"]) async throws -> String {
        let response = try await send(.POST, "/link-token", .object(body))
        #expect(response.status == 200, "\(response.json.text())")
        return response.json["link_token"]?.string ?? ""
    }

    /// The form page of a new link.
    func form(_ browser: Browser, _ body: JSONObject = ["tenant_id": "t1"], method: String = "api_key") async throws -> Browser.Page {
        let link = try await browser.get("/connect?link_token=\(try await linkToken(body))").location
        return try await browser.get("\(link)/lever?method=\(method)")
    }

    /// The second step of a page that has taken the credentials.
    func choosing(_ browser: Browser, _ page: Browser.Page) async throws -> Browser.Page {
        #expect(page.status == 303 && page.location.hasSuffix("?step=choose"), "\(page.text)")
        return try await browser.get(page.location)
    }

    /// Goes through the second step as most people do.
    func finish(_ browser: Browser, _ page: Browser.Page) async throws -> Browser.Page {
        try await browser.submit(try await choosing(browser, page), ["perform_as": TestGateway.performAs])
    }

    /// The accounts of a tenant.
    func connected(_ tenant: String = "t1") async throws -> [JSONValue] {
        try await call(.GET, "/integrated-account?tenant_id=\(tenant)").json["result"]?.array ?? []
    }

    /// The query of an address.
    static func query(_ address: String) -> [String: String] {
        let pairs = address.split(separator: "?", maxSplits: 1).last?.split(separator: "&") ?? []
        return Dictionary(
            pairs.map { pair in
                let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(halves[0]), halves.count > 1 ? String(halves[1]) : "")
            }
        ) { first, _ in first }
    }
}
