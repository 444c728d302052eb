import Storage
import Testing

@testable import Accounts

@Suite struct TokenServiceTests {
    @Test func `a token is shown once, kept as a hash, and known again`() async throws {
        try await Harness.run { harness in
            let tokens = harness.services.tokens
            let issued = try await tokens.create(
                name: "ci", environment: harness.environment, scopes: ["ats/attachments:create"], createdBy: "ann"
            )
            let text = issued.secret.exposed()
            #expect(text.wholeMatch(of: /att_[A-Za-z0-9_-]{43}/) != nil)
            let known = try await tokens.authenticate(text)
            #expect(known == issued.token)
            #expect(known.environmentID == harness.environment)
            let record = try await harness.store.token(issued.token.id, environment: harness.environment)
            #expect(record?.hash.count == 64)
            #expect(!"\(String(describing: record))".contains(text))
            #expect(try await tokens.list(environment: harness.environment).result == [known])
        }
    }

    @Test(arguments: [
        "", "att_", "att_short", "Bearer x", "att_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "tat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "att_😀", "' OR 1=1 --",
    ]) func `garbage is not authorized`(text: String) async throws {
        try await Harness.run { harness in
            _ = try await harness.services.tokens.create(name: "a", environment: harness.environment)
            await expect(.unauthorized) { _ = try await harness.services.tokens.authenticate(text) }
        }
    }

    @Test func `a changed token is not authorized`() async throws {
        try await Harness.run { harness in
            let issued = try await harness.services.tokens.create(name: "a", environment: harness.environment)
            let text = Array(issued.secret.exposed())
            for at in stride(from: 0, to: text.count, by: 7) {
                var changed = text
                changed[at] = changed[at] == "A" ? "E" : "A"
                await expect(.unauthorized) { _ = try await harness.services.tokens.authenticate(String(changed)) }
            }
        }
    }

    @Test func `a revoked token fails at once here and within a second on another node`() async throws {
        try await Harness.run { harness in
            let other = try await harness.otherNode()
            let issued = try await harness.services.tokens.create(name: "a", environment: harness.environment)
            let text = issued.secret.exposed()
            _ = try await harness.services.tokens.authenticate(text)
            _ = try await other.tokens.authenticate(text)
            try await harness.services.tokens.revoke(issued.token.id, environment: harness.environment)
            await expect(.unauthorized) { _ = try await harness.services.tokens.authenticate(text) }
            harness.world.pass(seconds: 1)
            await expect(.unauthorized) { _ = try await other.tokens.authenticate(text) }
            await expect(.notFound) {
                try await harness.services.tokens.revoke(issued.token.id, environment: harness.environment)
            }
            await expect(.notFound) {
                _ = try await harness.services.tokens.get(issued.token.id, environment: harness.environment)
            }
            #expect(try await harness.services.tokens.list(environment: harness.environment).result.isEmpty)
        }
    }

    @Test func `a token ends when it expires, cached or not`() async throws {
        try await Harness.run { harness in
            let tokens = harness.services.tokens
            let issued = try await tokens.create(
                name: "a", environment: harness.environment,
                expiresAt: harness.world.effects.now().adding(seconds: 10)
            )
            harness.world.pass(seconds: 9.5)
            _ = try await tokens.authenticate(issued.secret.exposed())
            harness.world.pass(seconds: 0.5)
            await expect(.unauthorized) { _ = try await tokens.authenticate(issued.secret.exposed()) }
        }
    }

    @Test func `two tokens of one environment live side by side`() async throws {
        try await Harness.run { harness in
            let tokens = harness.services.tokens
            let first = try await tokens.create(name: "a", environment: harness.environment)
            let second = try await tokens.create(name: "a", environment: harness.environment)
            try await tokens.revoke(first.token.id, environment: harness.environment)
            #expect(try await tokens.authenticate(second.secret.exposed()).id == second.token.id)
        }
    }

    @Test func `another environment cannot see or revoke it`() async throws {
        try await Harness.run { harness in
            let other = try await harness.services.environments.create(name: "Other").id
            let issued = try await harness.services.tokens.create(name: "a", environment: harness.environment)
            await expect(.notFound) { try await harness.services.tokens.revoke(issued.token.id, environment: other) }
            await expect(.notFound) { _ = try await harness.services.tokens.get(issued.token.id, environment: other) }
            _ = try await harness.services.tokens.authenticate(issued.secret.exposed())
        }
    }

    @Test func `the time of last use is written in batches and never goes back`() async throws {
        try await Harness.run { harness in
            let tokens = harness.services.tokens
            func lastUse(_ id: String) async throws -> Timestamp? {
                try await tokens.get(id, environment: harness.environment).lastUsedAt
            }
            let issued = try await tokens.create(name: "a", environment: harness.environment)
            _ = try await tokens.authenticate(issued.secret.exposed())
            var written = try await lastUse(issued.token.id)
            #expect(written == nil)
            let first = harness.world.effects.now()
            try await tokens.flushUsage()
            written = try await lastUse(issued.token.id)
            #expect(written == first)

            harness.world.pass(seconds: 30)
            _ = try await tokens.authenticate(issued.secret.exposed())
            try await tokens.flushUsage()
            written = try await lastUse(issued.token.id)
            #expect(written == first, "within a minute nothing is written")

            try await harness.store.touchTokens([issued.token.id: first.adding(seconds: -100)])
            written = try await lastUse(issued.token.id)
            #expect(written == first)

            harness.world.pass(seconds: 31)
            _ = try await tokens.authenticate(issued.secret.exposed())
            try await tokens.flushUsage()
            written = try await lastUse(issued.token.id)
            #expect(written == first.adding(seconds: 61))
        }
    }

    @Test(
        arguments: [
            (["nonsense"], nil), (["ats:"], nil), (["a/b/c:d"], nil), (["ats:list extra"], nil), ([], -1), ([], 0),
        ] as [([String], Int64?)]) func `wrong wishes are refused`(scopes: [String], expiresIn: Int64?) async throws
    {
        try await Harness.run { harness in
            await expect(.invalid) {
                _ = try await harness.services.tokens.create(
                    name: "a", environment: harness.environment, scopes: scopes,
                    expiresAt: expiresIn.map { harness.world.effects.now().adding(seconds: $0) }
                )
            }
            await expect(.notFound) { _ = try await harness.services.tokens.create(name: "a", environment: "nowhere") }
        }
    }

    @Test(
        arguments: [
            ([], "ats", "jobs", "list", true), (["ats:*"], "ats", "jobs", "list", true),
            (["ats:*"], "crm", "jobs", "list", false), (["ats/jobs:list"], "ats", "jobs", "list", true),
            (["ats/jobs:list"], "ats", "jobs", "get", false), (["ats/jobs:list"], "ats", "users", "list", false),
            (["*:list"], "crm", "x", "list", true), (["*/attachments:*"], "ats", "attachments", "create", true),
            (["ats:get", "ats:list"], "ats", "jobs", "list", true), (["ats:get", "ats:list"], "ats", "jobs", "create", false),
        ] as [([String], String, String, String, Bool)])
    func `scopes allow what they say`(
        scopes: [String], model: String, resource: String, method: String, isAllowed: Bool
    ) async throws {
        try await Harness.run { harness in
            let issued = try await harness.services.tokens.create(
                name: "a", environment: harness.environment, scopes: scopes
            )
            let token = try await harness.services.tokens.authenticate(issued.secret.exposed())
            #expect(token.allows(model: model, resource: resource, method: method) == isAllowed)
        }
    }
}
