import Accounts
import Storage

/// Looks at the database and its keys, and makes nothing that is not there: no folder, no file, no table, no key.
struct DatabaseCheck: Sendable {
    let place: DatabasePlace

    /// - Returns: what was found, as a sentence.
    /// - Throws: `CommandError` for what would keep a gateway from starting.
    func run() async throws -> String {
        if case .hidden(let reason) = place.database {
            throw CommandError(
                "Cannot look for the database at \(place.fullName): \(reason)", do: "Run this as the gateway's user")
        }
        if let obstacle = place.obstacle { throw obstacle }
        guard place.database == .present else {
            return "there is none yet at \(place.fullName); the first start makes it"
        }
        let missing: [String]
        do { missing = try await SQLStore.missingMigrations(place.location, patience: .zero) } catch {
            throw CommandError(error, opening: place)
        }
        guard missing.isEmpty else {
            return "\(missing.count) steps of the schema are missing, from \(missing[0]) on; the next start takes them"
        }
        if PrivateFile.isOpenToOthers(place.keyFile) {
            throw CommandError("Others than its owner can read the key file \(place.keyFile)", do: "chmod 600 \(place.keyFile)")
        }
        let open = try await OpenDatabase(place, .existing) { _ in }
        let environments = try await open.accounts.environments.list().result.count
        try open.store.close()
        return "\(environments) environment\(environments == 1 ? "" : "s"); encrypts with key \(open.vault.currentKeyID)"
    }
}
