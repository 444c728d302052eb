import Accounts
import ArgumentParser
import JSON

/// `attache keys`: the master keys that credentials are encrypted with.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Manage master keys.", subcommands: [Generate.self, Rotate.self]
    )

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a new master key, as a line for a key file or ATTACHE_MASTER_KEY.",
            discussion: "It is kept nowhere: put it before the old key, then see 'attache keys rotate --help'."
        )

        func run() throws { Console.out(KeyRing.newKey().exposed()) }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Encrypt everything with the first of the master keys.",
            discussion: """
                Make a key with 'attache keys generate'. Put it before the old one, in ATTACHE_MASTER_KEY or in the key file, restart the gateways, \
                then run this; calls go on meanwhile, and a run that was broken off is taken up by the next. \
                Afterwards the old key can go.
                """
        )

        @OptionGroup var database: DatabaseOptions
        @OptionGroup var printing: Printing

        func run() async throws {
            let open = try await database.open()
            let key = open.vault.currentKeyID
            try await open.accounts.audit.record("keys.rotated", subject: key)
            let done = try await KeyRotation(store: open.store, vault: open.vault).run { progress in
                Console.error("\(progress.rewrapped) re-encrypted")
            }
            guard done.damaged.isEmpty else {
                throw CommandError(
                    "These could not be opened: \(done.damaged.joined(separator: ", "))",
                    do: "Connect those accounts again"
                )
            }
            printing.show([
                "key": .string(open.vault.currentKeyID), "re_encrypted": .number(JSONNumber(done.rewrapped)),
            ])
        }
    }
}
