import ArgumentParser
import FoundationEssentials
import JSON

/// Credentials and settings of an account, as flags.
struct AccountContextOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A setting or credential; may be repeated. Other users of the machine may see it in the process list.",
            valueName: "k=v"))
    var set: [KeyValue] = []

    @Option(
        help: ArgumentHelp("A JSON object of settings and credentials; '-' reads standard input.", valueName: "FILE"))
    var contextFile: String?

    @Option(help: ArgumentHelp("Calls this address instead of the integration's own.", valueName: "URL"))
    var baseUrl: String?

    /// The members of the file, with those of `--set` over them.
    func context() throws(CommandError) -> JSONObject {
        var context = try contextFile.map(Documents.object) ?? [:]
        for pair in set { context[pair.key] = .string(pair.value) }
        return context
    }

    func integrationOverride() -> JSONObject {
        baseUrl.map { ["base_url": .string($0)] } ?? [:]
    }
}
