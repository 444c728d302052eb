import Catalog
import JSON
import Multipart
import NIOCore

/// Reads the body of a call with several files to its end: each file goes to the encrypted spool, fields are gathered.
///
/// Memory is bounded by the fields (`FormLimits`) and one piece of a file, whatever the files' sizes.
struct SagaIntake {
    /// Files that one call may bring.
    static let maxFiles = 20
    /// The member whose items bring them.
    private static let list = Saga.fileList

    private(set) var body = JSONObject()
    private(set) var remoteData: JSONObject?
    /// By the tokens of their handles.
    private(set) var files: [String: SagaFile] = [:]

    /// - Throws: `APIError` for a body that cannot be read, or is too large.
    static func read(_ exchange: ProviderExchange) async throws -> SagaIntake {
        guard let inbound = exchange.call.body else { return SagaIntake() }
        do {
            return try await SagaIntake(inbound, exchange)
        } catch let error as SpoolError {
            throw APIError(error)
        }
    }

    private init() {}

    private init(_ inbound: InboundBody, _ exchange: ProviderExchange) async throws {
        var reader: FormReader
        do throws(FormError) {
            reader = try FormReader(
                contentType: inbound.contentType, contentDisposition: inbound.contentDisposition,
                bodyLength: inbound.contentLength.map(Int.init), fileList: Self.list)
        } catch {
            throw APIError(error, isJSON: false)
        }
        let limits = exchange.service.limits
        var fields: [(name: String, value: FormValue)] = []
        var current: (file: FormFile, writer: SpoolWriter, bytes: Int64)?
        var hasEnded = false
        var chunks = inbound.chunks.makeAsyncIterator()
        while true {
            if let chunk = try await chunks.next(isolation: nil) {
                // What stands behind the end means nothing, but a digest of the body covers it.
                if hasEnded { continue }
                reader.append(chunk)
            } else {
                if hasEnded { break }
                reader.finish()
            }
            while let event = try Self.next(&reader) {
                switch event {
                case .field(let name, let value): fields.append((name, value))
                case .fileStart(let file):
                    guard Self.isPlace(file.fieldName) else { throw Self.misplaced(file.fieldName) }
                    guard files.count < Self.maxFiles else {
                        throw APIError(.tooManyFiles, "There are more than \(Self.maxFiles) files", param: file.fieldName)
                    }
                    guard let folder = limits.spoolFolder else {
                        throw APIError(
                            .bodyTooLarge, "Files of an application wait on disk, which this gateway does not allow",
                            param: file.fieldName, hint: "Send file_url in place of file")
                    }
                    current = (file, try await SpoolWriter(in: folder), 0)
                case .fileData(let data):
                    guard var open = current else { continue }
                    current = nil
                    open.bytes += Int64(data.readableBytes)
                    guard open.bytes <= limits.maxFileBytes else { throw APIError.fileTooLarge(limit: limits.maxFileBytes) }
                    try await open.writer.write(data)
                    current = open
                case .fileEnd:
                    guard var open = current else { continue }
                    current = nil
                    // An input that nobody filled in.
                    if open.bytes == 0, open.file.filename == nil { continue }
                    let token = FileHandle.makeToken()
                    let file = SagaFile(
                        file: try await open.writer.finish(), name: open.file.filename, contentType: open.file.contentType)
                    files[token] = file
                    let handle = FileHandle(
                        token: token, name: file.name, contentType: file.contentType, size: Int(file.file.length))
                    fields.append((open.file.fieldName, .json(handle.json)))
                case .end: hasEnded = true
                }
            }
        }
        let form = try FormFields(fields, isJSON: reader.isJSON)
        body = reader.isJSON ? form.body : Self.parsed(form.body)
        remoteData = form.remoteData
    }

    private static func next(_ reader: inout FormReader) throws(APIError) -> FormEvent? {
        do throws(FormError) { return try reader.next() } catch { throw APIError(error, isJSON: reader.isJSON) }
    }

    /// `attachments[0][file]`, `attachments[][file]`.
    private static func isPlace(_ name: String) -> Bool {
        name.hasPrefix(list + "[") && name.hasSuffix("][file]")
    }

    private static func misplaced(_ name: String) -> APIError {
        APIError(
            .missingFile, "A file came in the part \(name)", param: name,
            hint: "Send files in the parts attachments[0][file], attachments[1][file] and so on")
    }

    /// A form may bring its nested members as JSON text.
    private static func parsed(_ body: JSONObject) -> JSONObject {
        JSONObject(
            body.elements.map { member in
                guard let text = member.value.string, let first = text.first, first == "{" || first == "[",
                    let value = try? JSONValue.parse(text)
                else { return (key: member.key, value: member.value) }
                return (key: member.key, value: value)
            })
    }
}
