import Accounts
import JSON
import Storage

/// Moves ciphertexts to the first of the master keys.
struct KeyRotation: Sendable {
    let database: OpenDatabase

    init(_ database: OpenDatabase) { self.database = database }

    /// - Returns: what was found, for printing.
    func run() async throws -> JSONObject {
        let current = database.vault.currentKeyID
        let others = try await database.store.sealedKeyIDs().filter { $0 != current }
        guard others.isEmpty else {
            throw CommandError(
                "Re-encryption is not part of this version; these keys are still needed: \(others.joined(separator: ", "))",
                do: "Keep them; what is written from now on uses \(current)"
            )
        }
        return ["key": .string(current), "still_needed": .array(others.map(JSONValue.string))]
    }
}
