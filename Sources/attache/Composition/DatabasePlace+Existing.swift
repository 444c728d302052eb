import Accounts
import Storage

extension DatabasePlace {
    private static let whereToLook = "Give the --data-dir or --database of your gateway"

    /// - Throws: where there is no database of Attaché here, or this user may not see one; says where it looked.
    func requireDatabase() async throws(CommandError) {
        switch database {
        case .present: break
        case .absent:
            throw CommandError(
                "There is no database at \(fullName)",
                do: "\(Self.whereToLook); 'attache serve' or 'attache db migrate' makes a new one")
        case .hidden(let reason):
            throw CommandError("Cannot look for the database at \(fullName): \(reason)", do: "Run this as the gateway's user")
        }
        let missing: [String]
        do { missing = try await SQLStore.missingMigrations(location) } catch {
            throw CommandError(error, opening: self)
        }
        if SQLStore.isNew(missing: missing) {
            throw CommandError(
                "\(fullName) holds no database of Attaché",
                do: "\(Self.whereToLook); 'attache serve' or 'attache db migrate' sets a new one up")
        }
    }

    /// What to say where no master key was given.
    ///
    /// - Parameter needed: ids of the keys that something is encrypted with.
    func missingKey(needed: [String]) -> CommandError {
        let names = needed.map { "\"\($0)\"" }.joined(separator: ", ")
        return CommandError(
            "There is no master key: \(Setting.masterKey.variable) is not set, and there is no file "
                + Paths.absolute(keyFile) + (needed.isEmpty ? "" : "; the database needs the key \(names)"),
            do: needed.isEmpty
                ? "Give the gateway's --data-dir or --key-file" : "Put your copy of it there, or give its --key-file")
    }
}

extension CommandError {
    /// A database that cannot be opened or read.
    init(_ error: StorageError, opening place: DatabasePlace) {
        let remedy =
            switch error.code {
            case .unavailable where place.location.file == nil: "Is the server running, and is the address right?"
            case .unsupported: "Check --database"
            case .busy: "Try again when the other program is done with it"
            case .corrupt: "Restore it from a backup"
            default: "Check --database and --data-dir"
            }
        self.init("Cannot use the database \(place.fullName): \(error.message)", do: remedy)
    }
}
