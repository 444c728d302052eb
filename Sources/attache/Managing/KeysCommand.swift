import Accounts
import ArgumentParser
import JSON

/// `attache keys`: the master keys that credentials are encrypted with.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Manage master keys.", subcommands: [Rotate.self]
    )

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Encrypt everything with the first of the master keys.",
            discussion: """
                Put the new key before the old one, in ATTACHE_MASTER_KEY or in the key file, restart the gateways, \
                then run this. Afterwards the old key can go.
                """
        )

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let open = try await database.open()
            printing.show(try await KeyRotation(open).run())
        }
    }
}
