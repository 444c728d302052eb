import Foundation
import Testing

@testable import Storage

@Suite struct CrashTests {
    /// The child writes from several tasks, notes each acknowledged id in a file, and is killed in the midst of it.
    @Test(arguments: [1, 7, 20, 33])
    func `every acknowledged write survives kill -9, and none is half`(acknowledged: Int) async throws {
        try await withStore { store, address in
            _ = try await store.seed()
            try await store.insertWebhook(webhook("w"), sealed: .keep)
            try store.close()
            let log = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: log) }
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [address = address as String, log = log as String, acknowledged = acknowledged as Int] in
                let store = try await SQLStore.open(try #require(DatabaseLocation(address)), now: .start)
                    .announcing(.everything)
                let log = open(log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<4 {
                        group.addTask {
                            for turn in 0..<10_000 {
                                let id = "\(writer)-\(turn)"
                                try await store.insertAccount(account(id), sealed: .replace(sealed(id)))
                                var changed = account(id)
                                changed.version = 2
                                _ = try await store.updateAccount(changed, sealed: .replace(sealed(id, version: 2)))
                                let line = Array("\(id)\n".utf8)
                                _ = write(log, line, line.count)
                                if turn * 4 >= acknowledged { kill(getpid(), SIGKILL) }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let ids = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
            #expect(!ids.isEmpty)
            let again = try await SQLStore.open(try #require(DatabaseLocation(address)), now: .start)
            for id in ids {
                let found = try await again.account(id, environment: "env1")
                #expect(found?.record.version == 2 && found?.secrets?.version == 2, "\(id)")
            }
            for record in try await again.accounts(Listing(), environment: "env1").items {
                let found = try await again.account(record.id, environment: "env1")
                #expect(found?.secrets?.version == record.version, "\(record.id) is half written")
                let events = (1...record.version).map { "\(record.id) \($0)" }
                let wanted = Filter(DeliveryField.event, .in, events + ["\(record.id) \(record.version + 1)"])
                let told = try await again.deliveries(Listing(filters: [wanted]), environment: "env1").items
                #expect(told.map(\.event).sorted() == events, "\(record.id) is not told as it is written")
            }
            try again.close()
        }
    }
}
