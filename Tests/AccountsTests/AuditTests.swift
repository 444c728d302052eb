import JSON
import Testing

@testable import Accounts
@testable import Storage

@Suite struct AuditTests {
    @Test func `what is done to tokens and accounts is written down with who did it`() async throws {
        try await Harness.run { harness in
            let services = harness.services
            let (token, account) = try await AuditActor.$current.withValue("cli") {
                let token = try await services.tokens.create(name: "a", environment: harness.environment).token.id
                return (token, try await harness.account().id)
            }
            _ = try await services.integratedAccounts.update(
                account, environment: harness.environment, IntegratedAccountPatch(tenantID: "t2")
            )
            try await services.tokens.revoke(token, environment: harness.environment)
            try await services.integratedAccounts.delete(account, environment: harness.environment)
            let entries = try await services.audit.entries(environment: harness.environment).map(\.entry)
            #expect(
                entries.map(\.action) == [
                    "environment.created", "api_token.created", "environment_integration.installed", "integrated_account.created",
                    "integrated_account.updated", "api_token.revoked", "integrated_account.deleted",
                ])
            #expect(entries.map(\.actor) == ["system", "cli", "cli", "cli", "system", "system", "system"])
            #expect(entries.map(\.subject).filter { $0 == token }.count == 2)
            let text = entries.map(\.detail).joined()
            #expect(!text.contains("canary"), "no credential")
            let update = try JSONValue.parse(entries[4].detail)
            #expect(update["before"] != update["after"])
            #expect(try await services.audit.verify().problem == nil)
        }
    }

    @Test func `what changes nothing leaves no entry, and what fails leaves neither`() async throws {
        try await Harness.run { harness in
            let services = harness.services
            let before = try await services.audit.entries()
            await expect(.notFound) { try await services.tokens.revoke("nobody", environment: harness.environment) }
            _ = try await services.integratedAccounts.delete(.ids(["nobody"]), environment: harness.environment)
            await expect(.notFound) { _ = try await services.tokens.create(name: "a", environment: "nowhere") }
            #expect(try await services.audit.entries() == before)
            let report = AuditService.Report(entries: 1, head: before.last?.hash ?? "", problem: nil)
            #expect(try await services.audit.verify() == report)
        }
    }

    @Test func `what an environment changes about a model, and environments themselves, are written down`() async throws {
        try await Harness.run { harness in
            let (services, environment) = (harness.services, harness.environment)
            let models = services.environmentUnifiedModels
            let id = try await models.install("ats", environment: environment, override: ["a": 1]).id
            _ = try await models.update(id, environment: environment, override: ["a": "canary"])
            try await models.uninstall(id, environment: environment)
            _ = try await services.environments.rename(environment, to: "Renamed")
            _ = try await services.linkTokens.create(LinkRequest(purpose: .connect(tenantID: "t")), environment: environment)
            let entries = try await services.audit.latest(environment: environment).result
            #expect(
                entries.map(\.entry.action) == [
                    "link_token.created", "environment.renamed", "environment_unified_model.uninstalled",
                    "environment_unified_model.updated", "environment_unified_model.installed", "environment.created",
                ])
            #expect(!entries.map(\.entry.detail).joined().contains("canary"))
            #expect(entries[3].json["detail"]?["before"] != entries[3].json["detail"]?["after"])
        }
    }

    @Test func `the newest entries come first, page by page`() async throws {
        try await Harness.run { harness in
            let audit = harness.services.audit
            for name in ["a", "b", "c", "d"] { try await audit.record(name, subject: "s", environment: harness.environment) }
            var (names, cursor, pages): ([String], String?, Int) = ([], nil, 0)
            repeat {
                let page = try await audit.latest(environment: harness.environment, cursor: cursor, limit: 2)
                names += page.result.map(\.entry.action)
                cursor = page.nextCursor
                pages += 1
            } while cursor != nil
            #expect(names == ["d", "c", "b", "a", "environment.created"] && pages == 3)
            #expect(try await audit.latest(environment: "elsewhere").result.isEmpty)
            await expect(.invalidCursor) { _ = try await audit.latest(cursor: "x") }
        }
    }

    @Test func `many writers make one chain`() async throws {
        try await Harness.run { harness in
            let nodes = [harness.services, try await harness.otherNode(), try await harness.otherNode()]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for turn in 0..<30 {
                    group.addTask {
                        _ = try await nodes[turn % 3].tokens.create(name: "\(turn)", environment: harness.environment)
                    }
                }
                try await group.waitForAll()
            }
            let report = try await harness.services.audit.verify()
            #expect(report.entries == 31 && report.problem == nil)
        }
    }

    @Test(arguments: [
        ("UPDATE audit_entries SET actor = 'someone' WHERE seq = 2", "entry 2 was changed"),
        ("UPDATE audit_entries SET detail = '{}' WHERE seq = 3", "entry 3 was changed"),
        ("DELETE FROM audit_entries WHERE seq = 1", "entry 1 is missing"),
        ("DELETE FROM audit_entries WHERE seq = 2", "entry 2 is missing"),
        ("DELETE FROM audit_entries WHERE seq = 3", "entries behind 2 are missing"),
        ("UPDATE audit_entries SET previous_hash = hash WHERE seq = 2", "entry 2 does not follow the one before it"),
        ("UPDATE audit_head SET hash = 'x'", "the end of the log was changed"),
    ]) func `whoever tampers is found out`(statement: String, problem: String) async throws {
        try await Harness.run { harness in
            for name in ["a", "b"] {
                _ = try await harness.services.tokens.create(name: name, environment: harness.environment)
            }
            _ = try await harness.store.engine.write { try $0.run("\(raw: statement)") }
            #expect(try await harness.services.audit.verify().problem == problem)
        }
    }

    @Test func `a chain written anew does not fit what was noted elsewhere`() async throws {
        try await Harness.run { harness in
            let audit = harness.services.audit
            try await audit.record("one", subject: "s")
            let report = try await audit.verify()
            let pinned = (seq: report.entries, hash: report.head)
            try await audit.record("two", subject: "s")
            #expect(try await audit.verify(pinned: pinned).problem == nil)
            _ = try await harness.store.engine.write { session in
                try session.run("DELETE FROM audit_entries")
                try session.run("UPDATE audit_head SET seq = 0, hash = ''")
            }
            #expect(try await audit.verify(pinned: pinned).problem == "entries behind 0 are missing")
            for name in ["another", "and another"] { try await audit.record(name, subject: "s") }
            #expect(try await audit.verify().problem == nil)
            #expect(try await audit.verify(pinned: pinned).problem == "entry 2 is not the one that was there before")
        }
    }
}
