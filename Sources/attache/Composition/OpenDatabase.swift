import Accounts
import Storage

/// An open database with the vault's keys.
struct OpenDatabase: Sendable {
    let accounts: AccountServices
    let vault: Vault
    let store: SQLStore
    /// The key file, where it was made just now: the operator must keep it.
    let newKeyFile: String?

    init(_ place: DatabasePlace) async throws {
        try place.prepare()
        let keys: (ring: KeyRing, madeFile: Bool)
        do { keys = try KeyRing.load(variable: place.masterKey, file: place.keyFile) } catch {
            throw CommandError(
                error.message, do: "Set \(Setting.masterKey.variable) or give the right --key-file"
            )
        }
        do { store = try await SQLStore.open(place.location, now: Effects.live.now()) } catch {
            throw CommandError("Cannot open the database: \(error)", do: "Check --database and --data-dir")
        }
        vault = Vault(ring: keys.ring)
        newKeyFile = keys.madeFile ? place.keyFile : nil
        do { accounts = try await AccountServices(store: store, vault: vault) } catch {
            throw CommandError(error.message, do: "Add the key to \(Setting.masterKey.variable) or the key file")
        }
    }
}
