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
            The file is streamed: its size does not matter to the memory used. Ctrl-C cancels it and says what became of \
            the file.
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

    @Option(help: ArgumentHelp("With the same key again, the file is stored only once.", valueName: "KEY"))
    var idempotencyKey: String?

    @Option(help: ArgumentHelp("Give up when nothing moves for so long; 0 waits for ever.", valueName: "SECONDS"))
    var timeout = 300

    @Option(help: "The gateway (or ATTACHE_URL); http://127.0.0.1:8080 by default.")
    var url: String?

    @Option(help: "The API token (or ATTACHE_TOKEN, which other users of the machine cannot see).")
    var token: String?

    @Flag(name: .shortAndLong, help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        guard timeout >= 0 else { throw ValidationError("--timeout must be at least 0 seconds") }
        guard idempotencyKey != "" else { throw ValidationError("--idempotency-key must not be empty") }
    }

    func run() async throws {
        let environment = Environment.current
        guard let token = token ?? environment["ATTACHE_TOKEN"], !token.isEmpty else {
            throw CommandError("There is no API token", do: "Give --token or set ATTACHE_TOKEN; 'attache token create' makes one")
        }
        let source = try FileSource(path: file, name: name, contentType: contentType)
        let meter = ProgressMeter(total: source.size, style: quiet ? .none : Console.errorIsTerminal ? .bar : .lines)
        let upload = WatchedUpload(
            call: UploadCall(
                gateway: url ?? environment["ATTACHE_URL"] ?? "http://127.0.0.1:8080", token: token, account: account,
                remoteQuery: remoteQuery, idempotencyKey: idempotencyKey
            ),
            form: UploadForm(source: source, fields: fields, threads: NIOThreadPool.singleton, meter: meter),
            meter: meter, patience: timeout == 0 ? nil : .seconds(timeout)
        )
        do {
            let response = try await upload.run()
            meter.finish()
            Console.out(response.text(pretty: true))
            if let end = response["expires_at"]?.string {
                Console.error("attache: The provider keeps this file until \(end) only. Give --candidate to attach it to one")
            }
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
