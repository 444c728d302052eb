import Foundation
import Storage

/// Writes accounts from several tasks until it is killed, and notes in a file what was acknowledged.
struct CrashWriter {
    let address: String
    let log: String
    let round: Int

    static func tenant(_ round: Int) -> String { "round-\(round)" }

    /// Never returns on its own.
    func run() async throws -> Bool {
        let store = try await Subject.reopen(address).announcing(Subject.announcement)
        let log = open(log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let tenant = Self.tenant(round)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for turn in 0... {
                        let id = "\(round)-\(writer)-\(turn)"
                        try await store.insertAccount(
                            Subject.account(id, tenant: tenant), sealed: .replace(Subject.secrets(id)))
                        note("made", id, log)
                        _ = try await store.updateAccount(
                            Subject.account(id, tenant: tenant, version: 2),
                            sealed: .replace(Subject.secrets(id, version: 2)))
                        note("changed", id, log)
                        guard turn % 3 == 0 else { continue }
                        _ = try await store.deleteAccounts([id], environment: Subject.environment)
                        note("gone", id, log)
                    }
                }
            }
            try await group.waitForAll()
        }
        return true
    }

    /// One short write to a file opened for appending: whole or not there.
    private func note(_ what: String, _ id: String, _ log: Int32) {
        let line = Array("\(what) \(id)\n".utf8)
        _ = write(log, line, line.count)
    }
}
