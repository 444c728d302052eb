import Testing

@testable import Storage

/// What holds for every engine.
@Suite struct EngineTests {
    @Test func `a cancelled task's write is carried through`() async throws {
        try await withStore { store, _ in
            let team = TeamRecord(id: "team", name: "Team", createdAt: .start, updatedAt: .start)
            let (gate, open) = AsyncStream<Void>.makeStream()
            let task = Task {
                for await _ in gate { break }
                #expect(Task.isCancelled)
                try await store.insertTeam(team)
            }
            task.cancel()
            open.finish()
            try await task.value
            #expect(try await store.team("team") == team)
        }
    }

    @Test func `a body that throws undoes what it wrote`() async throws {
        try await withStore { store, _ in
            await #expect(throws: StorageError.stale) {
                try await store.engine.write { session in
                    try session.insert(TeamRecord(id: "t", name: "n", createdAt: .start, updatedAt: .start))
                    throw StorageError.stale
                }
            }
            #expect(try await store.team("t") == nil)
            _ = try await store.seed()
        }
    }

    @Test func `a read sees one moment, whatever is written meanwhile`() async throws {
        try await withStore { store, _ in
            _ = try await store.seed()
            let (started, start) = AsyncStream<Void>.makeStream()
            let gate = Gate()
            async let counts = store.engine.read { session in
                let before = try session.rows("SELECT id FROM teams").count
                start.finish()
                gate.wait()
                return [before, try session.rows("SELECT id FROM teams").count]
            }
            for await _ in started {}
            try await store.insertTeam(TeamRecord(id: "new", name: "n", createdAt: .start, updatedAt: .start))
            gate.open()
            #expect(try await counts == [1, 1])
        }
    }

    @Test func `after close everything fails`() async throws {
        try await withStore { store, _ in
            try store.close()
            await #expect(throws: StorageError.self) { try await store.team("t") }
        }
    }

    @Test(arguments: ["é\"😀\\", "'; DROP TABLE teams; --", "$1", "%s", "\u{1}\u{7F}\u{FEFF}", "line\r\nline", ""])
    func `any text comes back as it was`(text: String) async throws {
        try await withStore { store, _ in
            let team = TeamRecord(id: text, name: text, createdAt: .start, updatedAt: .start)
            try await store.insertTeam(team)
            #expect(try await store.team(text) == team)
        }
    }
}
