import Accounts
import ArgumentParser
import Catalog
import JSON

/// `attache doctor`: finds what would keep a gateway from working.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check settings, database, keys and definitions."
    )

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var gateway: GatewayOptions
    @Flag(help: "Print JSON.") var json = false

    private struct Finding {
        var name: String
        var result: Result<String, CommandError>
    }

    func run() async throws {
        let settings = try database.settings()
        var findings: [Finding] = []
        findings.append(
            await check("settings") {
                _ = try gateway.configuration(settings)
                _ = try gateway.egress(settings)
                _ = try gateway.observing.observing(settings)
                _ = try settings.port()
                if let unknown = settings.unknownVariables.first {
                    throw CommandError(unknown.description.capitalizedFirst, do: "See docs/attache.example.yaml")
                }
                return "readable"
            })
        findings.append(
            await check("definitions") {
                let catalog = try catalog.open(settings)
                let lint = CatalogLint.run(catalog)
                guard let first = lint.faults.first else {
                    return "\(catalog.integrationNames.count) integrations, \(lint.checkedFiles) files"
                }
                throw CommandError("\(first)", do: "See 'attache catalog lint'")
            })
        findings.append(
            await check("database and keys") {
                try await DatabaseCheck(place: try database.place(settings)).run()
            })
        report(findings)
        let failed = findings.filter { if case .failure = $0.result { true } else { false } }.count
        if failed > 0 { throw CommandError("\(failed) of \(findings.count) checks failed") }
    }

    private func check(_ name: String, _ body: () async throws -> String) async -> Finding {
        do { return Finding(name: name, result: .success(try await body())) } catch {
            return Finding(name: name, result: .failure(CommandError(explaining: error)))
        }
    }

    private func report(_ findings: [Finding]) {
        if json {
            let members = findings.map { finding -> (key: String, value: JSONValue) in
                switch finding.result {
                case .success(let text): (finding.name, ["ok": true, "detail": .string(text)])
                case .failure(let error): (finding.name, ["ok": false, "detail": .string(error.description)])
                }
            }
            return Console.out(JSONValue.object(JSONObject(members)).text(pretty: true))
        }
        for finding in findings {
            switch finding.result {
            case .success(let text): Console.out("ok    \(finding.name): \(text)")
            case .failure(let error): Console.out("FAIL  \(finding.name): \(error)")
            }
        }
    }
}
