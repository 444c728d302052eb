import JSON
import Storage
import Testing

@testable import Accounts

/// Environments have names of their own, and go with what is in them.
@Suite struct EnvironmentTests {
    @Test func `a name is given once`() async throws {
        try await Harness.run { harness in
            let environments = harness.services.environments
            let made = try await environments.create(name: "production")
            let teams = try await environments.teams().result.count
            await expect(.alreadyExists) { _ = try await environments.create(name: "production") }
            #expect(try await environments.teams().result.count == teams)
            await expect(.alreadyExists) { _ = try await environments.rename(harness.environment, to: "production") }
            #expect(try await environments.rename(made.id, to: "production").name == "production")
            #expect(try await environments.list().result.filter { $0.name == "production" }.count == 1)
        }
    }

    @Test func `of two that ask for a name at once one gets it`() async throws {
        try await Harness.run { harness in
            let services = [harness.services.environments, try await harness.otherNode().environments]
            let made = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask { (try? await services[number % 2].create(name: "same")) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(made == 1)
        }
    }

    @Test func `one with accounts goes only with them`() async throws {
        try await Harness.run { harness in
            let environments = harness.services.environments
            _ = try await harness.account()
            await expect(.inUse) { try await environments.delete(harness.environment, withAccounts: false) }
            #expect(try await environments.get(harness.environment).id == harness.environment)
            try await environments.delete(harness.environment, withAccounts: true)
            await expect(.notFound) { _ = try await environments.get(harness.environment) }
            await expect(.notFound) { try await environments.delete(harness.environment, withAccounts: true) }
            #expect(try await harness.store.sealedKeyIDs() == [])
        }
    }

    @Test func `its tokens end with it, and the log says so`() async throws {
        try await Harness.run { harness in
            let made = try await harness.services.environments.create(name: "short")
            let token = try await harness.services.tokens.create(name: "t", environment: made.id)
            try await harness.services.environments.delete(made.id, withAccounts: false)
            let other = try await harness.otherNode()
            await expect(.unauthorized) { _ = try await other.tokens.authenticate(token.secret.exposed()) }
            let entries = try await harness.store.auditEntries(after: 0, environment: made.id, limit: 100)
            #expect(entries.last?.entry.action == "environment.deleted")
        }
    }
}
