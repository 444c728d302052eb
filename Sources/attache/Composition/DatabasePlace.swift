import Accounts
import FoundationEssentials
import Storage

/// Where a gateway keeps its database and finds its master key.
struct DatabasePlace: Sendable {
    var location: DatabaseLocation
    /// As the operator would write it.
    var name: String
    var keyFile: String
    /// Set where the environment holds the key.
    var masterKey: Secret<String>?
    /// The folder that is made at the first start; nil where nothing is kept in one.
    private let directory: String?

    init(
        _ settings: Settings, database: String?, directory: String?, keyFile: String?, masterKey: Secret<String>?
    ) throws(CommandError) {
        let directory = settings.text(.dataDirectory, directory) ?? "attache-data"
        name = settings.text(.database, database) ?? "sqlite:\(directory)/attache.sqlite"
        guard let location = DatabaseLocation(name) else {
            throw CommandError("'\(name)' is no database", do: "Give sqlite:PATH or postgres://…")
        }
        self.location = location
        self.keyFile = settings.text(.keyFile, keyFile) ?? "\(directory)/master.key"
        self.masterKey = masterKey
        self.directory = settings.text(.database, database) == nil || masterKey == nil ? directory : nil
    }

    /// Makes the folder, where something is kept in it.
    func prepare() throws(CommandError) {
        if let obstacle { throw obstacle }
        if let directory { try Self.make(directory) }
    }

    /// What keeps the folder, the database's file or the key file from being made; nil where they are there or can be.
    var obstacle: CommandError? {
        var folders: [(folder: String, flag: String)] = []
        if let directory, FilePresence(directory) != .present { folders.append((directory, "--data-dir")) }
        if let file = location.file, FilePresence(file) != .present { folders.append((Paths.parent(file), "--data-dir")) }
        if !hasKey { folders.append((Paths.parent(keyFile), "--key-file")) }
        for (folder, flag) in folders {
            if let reason = Paths.obstacle(toMakingFilesIn: folder) {
                return CommandError("\(reason.prefix(1).uppercased())\(reason.dropFirst())", do: "Give another with \(flag)")
            }
        }
        return nil
    }

    /// Whether the database's file is there; of a server only connecting tells.
    var database: FilePresence { location.file.map { FilePresence($0) } ?? .present }

    /// Whether a master key was given, or an earlier start has made one.
    var hasKey: Bool { masterKey?.exposed().isEmpty == false || FilePresence(keyFile) == .present }

    /// The database in full, without the password that an address may hold: what a message names.
    var fullName: String { location.file.map { Paths.absolute($0) } ?? visibleName }

    /// The name without the password that an address may hold.
    var visibleName: String { Self.withoutPassword(name) }

    static func withoutPassword(_ name: String) -> String {
        // libpq takes one in the query as well.
        let parts = name.split(separator: "?", maxSplits: 1).map(String.init)
        let query = parts.dropFirst().first?.split(separator: "&").map { part in
            part.hasPrefix("password=") ? "password=…" : String(part)
        }
        var address = parts.first ?? ""
        if let at = address.lastIndex(of: "@"), let colon = address[..<at].firstIndex(of: ":") {
            address = "\(address[...colon])//…\(address[at...])"
        }
        return query.map { "\(address)?\($0.joined(separator: "&"))" } ?? address
    }

    /// Makes a folder that only its owner may enter; one that is there stays as it is.
    private static func make(_ directory: String) throws(CommandError) {
        guard !FileManager.default.fileExists(atPath: directory) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw CommandError("Cannot make the folder \(directory)", do: "Give another with --data-dir")
        }
    }
}
