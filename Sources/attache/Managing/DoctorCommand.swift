import Accounts
import ArgumentParser
import Catalog
import JSON
import Logging

/// `attache doctor`: finds what would keep a gateway from working.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check settings, database, keys and definitions."
    )

    @OptionGroup var options: ServeOptions

    @Option(
        help: ArgumentHelp("A gateway that runs, to ask whether it is ready, such as http://127.0.0.1:8080.", valueName: "URL"))
    var url: String?

    @Flag(help: "Print JSON.") var json = false

    private struct Finding {
        var name: String
        var result: Result<String, CommandError>
    }

    func run() async throws {
        let settings = try options.settings()
        var findings: [Finding] = []
        // Each is printed when it is found: the next one may take a while.
        func note(_ finding: Finding) {
            findings.append(finding)
            if !json { print(finding) }
        }
        note(await check("settings") { try checkSettings(settings) })
        note(
            await check("definitions") {
                let catalog = try options.catalog.folders.open(settings)
                let lint = CatalogLint.run(catalog)
                guard let first = lint.faults.first else {
                    return "\(catalog.integrationNames.count) integrations, \(lint.checkedFiles) files"
                }
                throw CommandError("\(first)", do: "See 'attache catalog lint'")
            })
        if let tls = try? options.tls.files(settings) {
            note(await check("tls") { try TLSCheck(files: tls).run() })
        }
        note(
            await check("database and keys") {
                try await DatabaseCheck(place: try options.database.place(settings)).run()
            })
        if let url { note(await check("gateway") { try await GatewayCheck(url: url).run() }) }
        if json { report(findings) }
        let failed = findings.filter { if case .failure = $0.result { true } else { false } }.count
        if failed > 0 { throw CommandError("\(failed) of \(findings.count) checks failed") }
    }

    private func check(_ name: String, _ body: () async throws -> String) async -> Finding {
        do { return Finding(name: name, result: .success(try await body())) } catch {
            return Finding(name: name, result: .failure(CommandError(explaining: error)))
        }
    }

    private func checkSettings(_ settings: Settings) throws -> String {
        _ = try options.gateway.configuration(settings)
        _ = try options.gateway.egress(settings)
        _ = try options.gateway.observing.observing(settings)
        _ = try options.gateway.logLevel(settings, fallback: .info)
        _ = try options.mapping.limits(settings)
        _ = try options.mapping.overrides(settings)
        _ = try options.tls.files(settings)
        _ = try settings.port(options.port)
        if let unknown = settings.unknownVariables.first {
            throw CommandError(unknown.description.capitalizedFirst, do: "See docs/attache.example.yaml")
        }
        return "readable"
    }

    private func print(_ finding: Finding) {
        switch finding.result {
        case .success(let text): Console.out("ok    \(finding.name): \(text)")
        case .failure(let error): Console.out("FAIL  \(finding.name): \(error)")
        }
    }

    private func report(_ findings: [Finding]) {
        let members = findings.map { finding -> (key: String, value: JSONValue) in
            switch finding.result {
            case .success(let text): (finding.name, ["ok": true, "detail": .string(text)])
            case .failure(let error): (finding.name, ["ok": false, "detail": .string(error.description)])
            }
        }
        Console.out(JSONValue.object(JSONObject(members)).text(pretty: true))
    }
}
