import ArgumentParser
import AsyncHTTPClient
import JSON
import NIOPosix

/// `attache upload`: a file from a shell into a customer's system.
struct UploadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract: "Upload a file through the gateway and print what became of it as JSON.",
        discussion: """
            The file is streamed: its size does not matter to the memory used.
            Example: attache upload cv.pdf --account 0190… --candidate 4f2… --type resume
            """
    )

    @Argument(help: ArgumentHelp("The file; '-' reads standard input.", valueName: "FILE"))
    var file: String

    @Option(help: "The integrated account that receives it.")
    var account: String

    @Option(help: "The candidate to attach it to.")
    var candidate: String?

    @Option(help: "The application to attach it to.")
    var application: String?

    @Option(help: "resume, cover_letter or other.")
    var type: String?

    @Option(help: "The file's name; by default that of FILE.")
    var name: String?

    @Option(help: "The file's media type; by default told from its name.")
    var contentType: String?

    @Option(help: ArgumentHelp("A further form field; may be repeated.", valueName: "k=v"))
    var field: [KeyValue] = []

    @Option(help: ArgumentHelp("A query parameter passed on to the provider; may be repeated.", valueName: "k=v"))
    var remoteQuery: [KeyValue] = []

    @Option(help: "The gateway (or ATTACHE_URL); http://127.0.0.1:8080 by default.")
    var url: String?

    @Option(help: "The API token (or ATTACHE_TOKEN, which other users of the machine cannot see).")
    var token: String?

    @Flag(name: .shortAndLong, help: "No progress on standard error.")
    var quiet = false

    func run() async throws {
        let environment = Environment.current
        guard let token = token ?? environment["ATTACHE_TOKEN"], !token.isEmpty else {
            throw CommandError("There is no API token", do: "Give --token or set ATTACHE_TOKEN")
        }
        let threads = NIOThreadPool.singleton
        let source = try FileSource(path: file, name: name, contentType: contentType)
        let meter = ProgressMeter(total: source.size, style: quiet ? .none : Console.errorIsTerminal ? .bar : .lines)
        let form = UploadForm(source: source, fields: fields, threads: threads, meter: meter)
        let call = UploadCall(
            gateway: url ?? environment["ATTACHE_URL"] ?? "http://127.0.0.1:8080", token: token, account: account,
            remoteQuery: remoteQuery
        )
        do {
            let answer = try await call.send(form)
            meter.finish()
            Console.out(answer.text(pretty: true))
        } catch {
            meter.leave()
            throw error
        }
    }

    private var fields: [KeyValue] {
        let named = [("candidate_id", candidate), ("application_id", application), ("attachment_type", type)]
        return named.compactMap { name, value in value.map { KeyValue(key: name, value: $0) } } + field
    }
}
