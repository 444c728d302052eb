import JSON
import Storage
import Testing

@testable import Accounts

@Suite struct InstallationTests {
    @Test func `an integration is installed once, and stays while accounts use it`() async throws {
        try await Harness.run { harness in
            let installations = harness.services.environmentIntegrations
            let account = try await harness.account()
            await expect(.alreadyExists) { _ = try await installations.install("acme", environment: harness.environment) }
            await expect(.inUse) {
                try await installations.uninstall(account.environmentIntegrationID, environment: harness.environment)
            }
            try await harness.services.integratedAccounts.delete(account.id, environment: harness.environment)
            try await installations.uninstall(account.environmentIntegrationID, environment: harness.environment)
            await expect(.notFound) {
                try await installations.uninstall(account.environmentIntegrationID, environment: harness.environment)
            }
            await expect(.notFound) { _ = try await installations.install("acme", environment: "nowhere") }
        }
    }

    @Test func `an override is replaced as a whole, its secrets kept unless they are named`() async throws {
        try await Harness.run { harness in
            let installations = harness.services.environmentIntegrations
            let id = try await installations.install(
                "acme", environment: harness.environment,
                override: ["a": 1, "credentials": ["oauth2": ["config": ["client": ["id": "i", "secret": "a-secret"]]]]]
            ).id
            func override(after patch: EnvironmentIntegrationPatch) async throws -> JSONObject {
                _ = try await installations.update(id, environment: harness.environment, patch)
                return try await installations.resolve(id, environment: harness.environment).override.exposed()
            }
            let clientSecret = ["credentials", "oauth2", "config", "client", "secret"][...]
            let shown = try await installations.get(id, environment: harness.environment).override
            #expect(shown[clientSecret] == nil)
            var full = try await override(after: EnvironmentIntegrationPatch(override: .object(shown)))
            #expect(full[clientSecret] == "a-secret")
            full = try await override(after: EnvironmentIntegrationPatch(isEnabled: false))
            #expect(full[clientSecret] == "a-secret")
            full = try await override(after: EnvironmentIntegrationPatch(override: ["b": 2]))
            #expect(full == ["b": 2])
            full = try await override(after: EnvironmentIntegrationPatch(override: .null))
            #expect(full == [:])
            await expect(.invalid) { _ = try await override(after: EnvironmentIntegrationPatch(override: "text")) }
            await expect(.stale) { _ = try await override(after: EnvironmentIntegrationPatch(isEnabled: true, version: 1)) }
        }
    }

    @Test func `a unified model's override merges, and is found by name`() async throws {
        try await Harness.run { harness in
            let models = harness.services.environmentUnifiedModels
            #expect(try await models.resolve("ats", environment: harness.environment) == nil)
            let id = try await models.install(
                "ats", environment: harness.environment, override: ["a": ["b": 1, "c": 2], "d": 3]
            ).id
            #expect(try await models.resolve("ats", environment: harness.environment)?.id == id)
            let updated = try await models.update(
                id, environment: harness.environment, override: ["a": ["b": nil, "e": 4], "d": [1]], version: 1
            )
            #expect(updated.override == ["a": ["c": 2, "e": 4], "d": [1]])
            #expect(try await models.resolve("ats", environment: harness.environment) == updated)
            await expect(.stale) {
                _ = try await models.update(id, environment: harness.environment, override: [:], version: 1)
            }
            try await models.uninstall(id, environment: harness.environment)
            #expect(try await models.resolve("ats", environment: harness.environment) == nil)
        }
    }

    @Test func `environments are made, named and listed`() async throws {
        try await Harness.run { harness in
            let environments = harness.services.environments
            let made = try await environments.create(name: "Staging", teamID: environments.get(harness.environment).teamID)
            #expect(try await environments.rename(made.id, to: "Stage").name == "Stage")
            let filter = Filter<EnvironmentField>(.name, .eq, ["Stage"])
            #expect(try await environments.list(ListQuery(filters: [filter])).result.map(\.id) == [made.id])
            #expect(try await environments.teams().result.count == 1)
            #expect(made.json.keys == ["id", "name", "team_id", "created_at", "updated_at"])
            await expect(.invalid) { _ = try await environments.create(name: "") }
            await expect(.notFound) { _ = try await environments.create(name: "x", teamID: "nobody") }
            await expect(.notFound) { _ = try await environments.get("nobody") }
        }
    }
}
