import Foundation

/// Runs a transaction to its end, again where the server undid it or went away before it was committed.
///
/// ```
/// connect ─ begin ─ body ─ commit ─ done
///    └────────┴───────┴───── lost: again from connect, until the patience is over
///             └───────┴───── undone for another one: again, a few times
///                      commit, lost: nobody knows. A read goes again, a write is `.uncertain`
/// ```
struct PostgresTransaction {
    let begin: String
    let isWrite: Bool
    /// Until when it waits for a server that is not there.
    let deadline: ContinuousClock.Instant
    private static let mostConflicts = 10

    func run<Result>(
        on slot: PostgresSlot, _ body: (any SQLSession) throws -> Result
    ) -> Swift.Result<Result, StorageError> {
        var (conflicts, losses) = (0, 0)
        while true {
            switch attempt(on: slot, until: deadline, body) {
            case .success(let result): return .success(result)
            case .failure(.final(let error)):
                if error == .uncertain { slot.disconnect() }
                return .failure(error)
            case .failure(.transient(let failure)):
                switch failure.kind {
                case .connectionLost:
                    slot.disconnect()
                    losses += 1
                    if ContinuousClock.now >= deadline { return .failure(failure.storageError) }
                    // The first is most often an old connection that ended unseen.
                    if losses > 1 { Thread.sleep(forTimeInterval: 0.05) }
                case .serialization:
                    conflicts += 1
                    if conflicts == Self.mostConflicts { return .failure(.busy) }
                default: return .failure(failure.storageError)
                }
            }
        }
    }

    private enum Obstacle: Error {
        case transient(PostgresFailure)
        case final(StorageError)
    }

    private func attempt<Result>(
        on slot: PostgresSlot, until deadline: ContinuousClock.Instant, _ body: (any SQLSession) throws -> Result
    ) -> Swift.Result<Result, Obstacle> {
        do {
            let connection = try slot.connected(until: deadline)
            try connection.execute(begin)
            let result: Result
            do {
                result = try body(PostgresSession(connection: connection))
            } catch {
                // Whatever it was, this connection must not carry half a transaction into the next one.
                if (try? connection.execute("ROLLBACK")) == nil { slot.disconnect() }
                throw error
            }
            if let obstacle = commit(connection) { return .failure(obstacle) }
            return .success(result)
        } catch let error as StorageError {
            return .failure(.final(error))
        } catch let failure as PostgresFailure {
            return .failure(.transient(failure))
        } catch {
            return .failure(.final(.unavailable("\(error)")))
        }
    }

    private func commit(_ connection: PostgresConnection) -> Obstacle? {
        do {
            try connection.execute("COMMIT", expecting: "COMMIT")
            return nil
        } catch {
            return isWrite && error.kind == .connectionLost ? .final(.uncertain) : .transient(error)
        }
    }
}

private struct PostgresSession: SQLSession {
    let connection: PostgresConnection

    func rows(_ statement: SQLStatement) throws -> [SQLRow] { try connection.run(statement).rows() }

    @discardableResult func run(_ statement: SQLStatement) throws -> Int { try connection.run(statement).affectedRows }
}
