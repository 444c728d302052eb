import Accounts
import ArgumentParser
import Storage

/// Where the database and its master key are: the same flags for every command that opens it.
struct DatabaseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A YAML file of settings (or ATTACHE_CONFIG).", valueName: "FILE"))
    var config: String?

    @Option(help: ArgumentHelp("sqlite:PATH or postgres://… (or ATTACHE_DATABASE).", valueName: "URL"))
    var database: String?

    @Option(help: ArgumentHelp("The folder of what is kept (or ATTACHE_DATA_DIR); ./attache-data.", valueName: "DIR"))
    var dataDir: String?

    @Option(help: ArgumentHelp("The file of the master key (or ATTACHE_KEY_FILE).", valueName: "FILE"))
    var keyFile: String?

    func settings() throws(CommandError) -> Settings { try Settings.load(config: config) }

    /// Where everything is, by these flags and the settings.
    func place(_ settings: Settings) throws(CommandError) -> DatabasePlace {
        try DatabasePlace(
            settings, database: database, directory: dataDir, keyFile: keyFile,
            masterKey: Environment.current[Setting.masterKey.variable].map { Secret($0) }
        )
    }

    /// Opens the database that is there, for one command; it ends with the process.
    func open() async throws -> OpenDatabase {
        try await OpenDatabase(try place(try settings()), .existing)
    }
}
