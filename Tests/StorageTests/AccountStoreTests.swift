import Testing

@testable import Storage

@Suite struct AccountStoreTests {
    @Test func `a record comes back as it was written`() async throws {
        try await withStore { store, _ in
            _ = try await store.seed()
            var record = account("a")
            record.region = "eu"
            record.context = #"{"subdomain":"é\"😀"}"#
            record.lastError = #""bad""#
            try await store.insertAccount(record, sealed: .replace(sealed("a")))
            let found = try await store.account("a", environment: "env1")
            #expect(found == Encrypted(record: record, secrets: sealed("a")))
        }
    }

    @Test func `another environment's account is not found`() async throws {
        try await withStore { store, _ in
            _ = try await store.seed()
            _ = try await store.seed("2")
            try await store.insertAccount(account("a"), sealed: .keep)
            #expect(try await store.account("a", environment: "env2") == nil)
            #expect(try await store.deleteAccounts(["a"], environment: "env2") == [])
            var moved = account("a")
            moved.version = 2
            moved.environmentID = "env2"
            #expect(try await store.updateAccount(moved, sealed: .keep) == false)
            #expect(try await store.account("a", environment: "env1") != nil)
        }
    }

    @Test(arguments: [
        (Int64(2), Int64(2), true), (3, 2, false), (1, 2, false), (2, 1, false), (2, 3, false),
    ]) func `both versions must follow the stored ones, or nothing is written`(
        version: Int64, sealedVersion: Int64, isWritten: Bool
    ) async throws {
        try await withStore { store, _ in
            _ = try await store.seed()
            try await store.insertAccount(account("a"), sealed: .replace(sealed("a")))
            var changed = account("a")
            changed.version = version
            changed.status = "needs_reauth"
            let change = EncryptedChange.replace(sealed("a", version: sealedVersion))
            #expect(try await store.updateAccount(changed, sealed: change) == isWritten)
            let found = try #require(try await store.account("a", environment: "env1"))
            #expect(found.record.status == (isWritten ? "needs_reauth" : "active"))
            #expect(found.secrets?.version == (isWritten ? 2 : 1))
        }
    }

    @Test func `deleting takes the ciphertext along`() async throws {
        try await withStore { store, _ in
            _ = try await store.seed()
            for id in ["a", "b", "c"] {
                try await store.insertAccount(
                    account(id, tenant: id == "c" ? "other" : "t"), sealed: .replace(sealed(id))
                )
            }
            #expect(try await store.deleteAccounts(["a", "nobody"], environment: "env1") == ["a"])
            #expect(try await store.sealed("a", field: EncryptedRecord.secretsField) == nil)
            #expect(try await store.deleteAccounts(tenant: "t", environment: "env1") == ["b"])
            #expect(try await store.sealed("b", field: EncryptedRecord.secretsField) == nil)
            #expect(try await store.sealed("c", field: EncryptedRecord.secretsField) != nil)
        }
    }

    @Test func `pages hold every account once, in the order of their making`() async throws {
        try await withStore { store, _ in
            _ = try await store.seed()
            let ids = (0..<7).map { "a\($0)" }
            // Several within one millisecond: the id must tell them apart.
            for (at, id) in ids.enumerated().reversed() { try await store.insertAccount(account(id, Int64(at / 3)), sealed: .keep) }
            var seen: [String] = []
            var after: Position?
            repeat {
                let page = try await store.accounts(Listing(after: after, limit: 2), environment: "env1")
                #expect(page.items.count <= 2)
                seen += page.items.map(\.id)
                after = page.next
            } while after != nil
            #expect(seen == ids)
        }
    }

    @Test(arguments: [
        (Filter<AccountField>(.tenantID, .eq, ["t2"]), ["b"]), (Filter(.tenantID, .ne, ["t2"]), ["a", "c"]),
        (Filter(.id, .in, ["a", "c", "x"]), ["a", "c"]), (Filter(.id, .in, []), []), (Filter(.id, .nin, ["a"]), ["b", "c"]),
        (Filter(.id, .nin, []), ["a", "b", "c"]), (Filter(.tenantID, .like, ["T%"]), ["a", "b", "c"]),
        (Filter(.isSandbox, .eq, ["TRUE"]), ["c"]), (Filter(.isSandbox, .eq, ["0"]), ["a", "b"]),
        (Filter(.createdAt, .gt, ["2026-01-01T00:00:00Z"]), ["b", "c"]),
        (Filter(.createdAt, .lte, ["2026-01-01T01:00:10+01:00"]), ["a", "b"]),
        (Filter(.integration, .eq, ["' OR 1=1 --"]), []),
    ]) func `filters choose`(filter: Filter<AccountField>, ids: [String]) async throws {
        try await withStore { store, _ in
            _ = try await store.seed()
            for (at, id) in ["a", "b", "c"].enumerated() {
                var record = account(id, Int64(at) * 10, tenant: "t\(at + 1)")
                record.isSandbox = id == "c"
                try await store.insertAccount(record, sealed: .keep)
            }
            let page = try await store.accounts(Listing(filters: [filter]), environment: "env1")
            #expect(page.items.map(\.id) == ids)
        }
    }

    @Test func `an installation in use cannot go, an unused one can`() async throws {
        try await withStore { store, _ in
            let (environment, installation) = try await store.seed()
            try await store.insertAccount(account("a"), sealed: .keep)
            await #expect { try await store.deleteEnvironmentIntegration(installation, environment: environment) } throws: {
                ($0 as? StorageError)?.code == .reference
            }
            _ = try await store.deleteAccounts(["a"], environment: environment)
            #expect(try await store.deleteEnvironmentIntegration(installation, environment: environment))
        }
    }
}
