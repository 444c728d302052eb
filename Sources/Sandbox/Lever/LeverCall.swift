import HTTPTypes
import Hummingbird
import JSON

/// One admitted call of the pretend Lever's API.
struct LeverCall: Sendable {
    let request: Request
    let exchange: Exchange
    let parameters: Parameters
    let access: LeverAccess
    let lever: Lever

    var query: FormEncoding { exchange.query }
    var now: Int64 { lever.core.clock.now }

    /// Where the caller found us.
    var base: String { "http://\(request.head.authority ?? "localhost")" }

    /// A parameter of the path, percent-decoded.
    func parameter(_ name: String) -> String {
        FormEncoding.decode(parameters.get(name) ?? "", plusIsSpace: false)
    }

    /// The user in whose name a write is done; demanded by most writes on opportunities.
    func performAs() throws(LeverError) -> String {
        guard let id = query["perform_as"], !id.isEmpty else { throw .missing("perform_as") }
        let user = lever.store.read { $0.users.first { $0.id == id } }
        guard let user else { throw .invalid("perform_as: no user has the id \(id)") }
        guard user.deactivatedAt == nil else { throw .invalid("perform_as: the user \(id) is deactivated") }
        return id
    }

    /// The opportunity of the path; a confidential one exists only for callers who may see it.
    func opportunity() throws(LeverError) -> LeverOpportunity {
        let id = parameter("opportunity")
        let found = lever.store.read { state in state.place(of: id).map { state.opportunities[$0] } }
        guard let found, !found.isConfidential || access.confidential else {
            throw .notFound("The opportunity \(id) does not exist")
        }
        return found
    }

    /// Reads the body to its end. A declared length past the limit is refused before anything is read,
    /// any other as soon as the limit is passed.
    func receiveBody() async throws {
        let limit = lever.options.maxRequestBytes
        if let length = exchange.contentLength, length > limit { throw LeverError.tooLarge(limit) }
        var size = 0
        for try await buffer in request.body {
            size += buffer.readableBytes
            if size > limit { throw LeverError.tooLarge(limit) }
        }
        // A body that broke off is never acted upon.
        guard exchange.isComplete else { throw LeverError.invalid("The request ended before its body did") }
    }

    /// The parts of the form in the body.
    func receiveForm() async throws -> [ReceivedPart] {
        guard exchange.isForm else { throw LeverError.invalid("The request must be multipart/form-data") }
        try await receiveBody()
        let (parts, fault, isWhole) = exchange.form
        if let fault { throw LeverError.invalid("The form cannot be read: \(fault)") }
        guard isWhole else { throw LeverError.invalid("The form has no end") }
        return parts
    }

    /// The form's part `file`, with its bytes.
    func receiveFile() async throws -> (part: ReceivedPart, filename: String, bytes: SpooledFile) {
        let parts = try await receiveForm()
        guard let part = parts.first(where: { $0.name == "file" && $0.file != nil }),
            let filename = part.head.filename, !filename.isEmpty, let bytes = part.file
        else { throw LeverError.missing("file") }
        return (part, filename, bytes)
    }

    func answer(_ json: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        .json(json, status: status, headers: Lever.headers)
    }
}
