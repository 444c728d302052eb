import StorageTestSupport
import Testing

@testable import Storage

@Suite(.enabled(if: PostgresServer.binaries != nil, "PostgreSQL is not installed")) struct PostgresEngineTests {
    private func server() async throws -> PostgresServer {
        try await PostgresServer(binaries: try #require(PostgresServer.binaries))
    }

    private func open(_ server: PostgresServer, patience: PostgresPatience = PostgresPatience()) async throws -> SQLStore {
        try await SQLStore.open(
            try #require(DatabaseLocation(try await server.makeDatabase())), now: .start, patience: patience)
    }

    @Test(arguments: ["fast", "immediate"])
    func `a restart of the server costs waiting, and no call`(mode: String) async throws {
        let server = try await server()
        let store = try await open(server, patience: PostgresPatience(write: .seconds(60), read: .seconds(60)))
        _ = try await store.seed()
        for turn in 0..<20 { try await store.insertAccount(account("before\(turn)"), sealed: .keep) }
        try await server.stop(mode: mode)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for turn in 0..<20 { group.addTask { try await store.insertAccount(account("a\(turn)"), sealed: .keep) } }
            for _ in 0..<20 { group.addTask { _ = try await store.account("before1", environment: "env1") } }
            group.addTask { try await server.start() }
            try await group.waitForAll()
        }
        #expect(try await store.accounts(Listing(), environment: "env1").items.count == 40)
        try store.close()
    }

    @Test(arguments: [
        // In seconds: the patience of writes and reads; whether it writes, is short, and has ever reached the server; how long it waits.
        (8, 2, false, false, true, 2), (8, 2, true, false, true, 8), (8, 2, true, true, true, 2), (8, 2, false, false, false, 8),
        (8, 2, false, true, false, 2), (1, 2, false, false, true, 1),
    ])
    func `a read waits less for the server than a write`(
        write: Int, read: Int, isWrite: Bool, isShort: Bool, hasConnected: Bool, limit: Int
    ) {
        let patience = PostgresPatience(write: .seconds(write), read: .seconds(read))
        StoragePatience.$isShort.withValue(isShort) {
            #expect(patience.limit(isWrite: isWrite, hasConnected: hasConnected) == .seconds(limit))
        }
    }

    /// More of them than there are connections: those behind must not wait for the patience of those before.
    @Test func `without the server reads fail while writes still wait`() async throws {
        let server = try await server()
        let store = try await open(server, patience: PostgresPatience(write: .seconds(60), read: .milliseconds(100)))
        _ = try await store.seed()
        try await server.stop(mode: "immediate")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for turn in 0..<20 { group.addTask { try await store.insertAccount(account("a\(turn)"), sealed: .keep) } }
            await withTaskGroup(of: Bool.self) { reads in
                for _ in 0..<100 {
                    reads.addTask {
                        do throws(StorageError) { _ = try await store.account("a", environment: "env1") } catch {
                            return error.code == .unavailable
                        }
                        return false
                    }
                }
                for await isRefused in reads { #expect(isRefused) }
            }
            try await server.start()
            try await group.waitForAll()
        }
        #expect(try await store.accounts(Listing(), environment: "env1").items.count == 20)
        try store.close()
    }

    @Test func `a transaction that the server ends in its midst runs again`() async throws {
        let server = try await server()
        let store = try await open(server)
        _ = try await store.seed()
        let runs = Runs()
        try await store.engine.write { session in
            try session.insert(account("a"))
            if runs.next() == 1 {
                _ = try session.rows("SELECT CAST(pg_terminate_backend(pg_backend_pid()) AS TEXT)")
            }
        }
        #expect(runs.count == 2)
        #expect(try await store.account("a", environment: "env1") != nil)
        try store.close()
    }

    @Test func `two transactions that lock one another out both succeed`() async throws {
        let server = try await server()
        let store = try await open(server)
        for id in ["x", "y"] {
            try await store.insertTeam(TeamRecord(id: id, name: "", createdAt: .start, updatedAt: .start))
        }
        let (gates, runs) = ([Gate(), Gate()], [Runs(), Runs()])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (at, order) in [["x", "y"], ["y", "x"]].enumerated() {
                group.addTask {
                    try await store.engine.write { session in
                        try session.run("UPDATE teams SET name = name || 'a' WHERE id = \(order[0])")
                        if runs[at].next() == 1 {
                            gates[at].open()
                            gates[1 - at].wait()
                        }
                        try session.run("UPDATE teams SET name = name || 'b' WHERE id = \(order[1])")
                    }
                }
            }
            try await group.waitForAll()
        }
        // One of the two was undone and ran again; it may be faster than the other and lock it out a second time.
        #expect(runs[0].count + runs[1].count >= 3)
        let names = [try await store.team("x")?.name, try await store.team("y")?.name]
        #expect(names.allSatisfy { $0 == "ab" || $0 == "ba" })
        try store.close()
    }

    @Test func `no session state is left behind`() async throws {
        let server = try await server()
        let store = try await open(server)
        _ = try await store.seed()
        try await store.insertAccount(account("a"), sealed: .keep)
        let left = try await store.engine.read { session in
            // Inside a transaction its own time-outs count as the session's: they must be its alone.
            try session.rows("SELECT name FROM pg_prepared_statements WHERE name <> ''").count
        }
        #expect(left == 0)
        // Outside of the engine's transactions, on the very connection that had them.
        let connection = try PostgresConnection(url: try await server.makeDatabase(), LibPQ.required())
        let transaction = PostgresTransaction(begin: PostgresEngine.beginWrite, isWrite: true, deadline: .now)
        try connection.execute(transaction.begin)
        try connection.execute("COMMIT")
        for name in ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"] {
            var row = try #require(try connection.run("SELECT current_setting(\(name))").rows().first)
            #expect(try row.text() == "0", "\(name)")
        }
        try store.close()
    }

    @Test func `a text with U+0000 is refused, not cut`() async throws {
        let server = try await server()
        let store = try await open(server)
        await #expect(throws: StorageError.unusableText) {
            try await store.insertTeam(TeamRecord(id: "a\0b", name: "", createdAt: .start, updatedAt: .start))
        }
        #expect(try await store.teams(limit: 1, after: nil).items.isEmpty)
        try store.close()
    }

    @Test func `an unreachable server is named, without its password`() async throws {
        let engine = try PostgresEngine(
            url: "postgres://u:canary@/db?host=/nowhere", connections: 1, patience: PostgresPatience(write: .milliseconds(1))
        )
        await #expect {
            try await engine.read { try $0.rows("SELECT 1").count }
        } throws: { error in
            (error as? StorageError)?.code == .unavailable && !"\(error)".contains("canary")
        }
        try engine.close()
        #expect(throws: StorageError.unsupported("the address of the database is not valid")) {
            try PostgresEngine(url: "postgres://u:can%ary@h/d?x=canary")
        }
        #expect(!"\(try #require(DatabaseLocation("postgres://u:canary@h/d")))".contains("canary"))
    }
}
