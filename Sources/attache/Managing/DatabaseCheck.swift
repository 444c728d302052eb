import Accounts
import Storage

/// Looks at the database and its keys, and makes nothing that is not there: no folder, no file, no table, no key.
struct DatabaseCheck: Sendable {
    let place: DatabasePlace

    /// - Returns: what was found, as a sentence.
    /// - Throws: `CommandError` for what would keep a gateway from starting.
    func run() async throws -> String {
        guard place.hasDatabase else { return "there is none yet; the first start makes it" }
        let missing: [String]
        do { missing = try await SQLStore.missingMigrations(place.location) } catch {
            throw CommandError("Cannot open the database: \(error)", do: "Check --database and --data-dir")
        }
        guard missing.isEmpty else {
            return "\(missing.count) steps of the schema are missing, from \(missing[0]) on; the next start takes them"
        }
        guard place.hasKey else {
            throw CommandError(
                "There is no master key", do: "Set \(Setting.masterKey.variable) or give the right --key-file")
        }
        let open = try await OpenDatabase(place)
        let environments = try await open.accounts.environments.list().result.count
        try open.store.close()
        return "\(environments) environments; encrypts with key \(open.vault.currentKeyID)"
    }
}
