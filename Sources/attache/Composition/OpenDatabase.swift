import Accounts
import Storage

/// An open database with the vault's keys.
struct OpenDatabase: Sendable {
    let accounts: AccountServices
    let vault: Vault
    let store: SQLStore
    let place: DatabasePlace
    /// The key file, where it was made just now: the operator must keep it.
    let newKeyFile: String?

    /// - Parameters:
    ///   - access: whether what is missing may be made.
    ///   - onWaiting: told once where a server does not respond within a second.
    init(
        _ place: DatabasePlace, _ access: DatabaseAccess,
        onWaiting: @escaping @Sendable (String) -> Void = { Console.error("attache: \($0)") }
    ) async throws(CommandError) {
        self.place = place
        let reminder = Task {
            try await Task.sleep(for: .seconds(1))
            onWaiting("waiting for the database \(place.visibleName)")
        }
        defer { reminder.cancel() }
        switch access {
        case .making: try place.prepare()
        case .existing: try await place.requireDatabase()
        }
        let needed: [String]
        do {
            store = try await SQLStore.open(place.location, now: Effects.live.now())
            needed = try await store.sealedKeyIDs()
        } catch {
            throw CommandError(error, opening: place)
        }
        // A new key beside old ciphertexts opens none of them, and would look as if it were the right one.
        if !place.hasKey, access == .existing || !needed.isEmpty { throw place.missingKey(needed: needed) }
        let keys: (ring: KeyRing, madeFile: Bool)
        do { keys = try KeyRing.load(variable: place.masterKey, file: place.keyFile) } catch {
            throw CommandError(
                error.message.capitalizedFirst, do: "Set \(Setting.masterKey.variable) or give the right --key-file"
            )
        }
        vault = Vault(ring: keys.ring)
        newKeyFile = keys.madeFile ? place.keyFile : nil
        do { accounts = try await AccountServices(store: store, vault: vault) } catch {
            throw CommandError(
                error.message.capitalizedFirst, do: "Add the key to \(Setting.masterKey.variable) or the key file")
        }
    }
}

extension String {
    /// As the beginning of a sentence; a name such as `tenant_id` stays as it is.
    var capitalizedFirst: String {
        guard let word = split(separator: " ").first, !word.contains("_"), !word.contains(".") else { return self }
        return prefix(1).uppercased() + dropFirst()
    }
}
