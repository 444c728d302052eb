import JSON
import Multipart
import NIOCore

/// Reads an upload: ahead as far as allowed, then on as its file is taken.
///
/// The rule (docs/wire.md#request-bodies): a form that ends inside the look-ahead is known whole and may be sent again; past it
/// the file streams on, and only what came before the file is known.
///
/// `@unchecked Sendable`: the call's task reads ahead, then hands the intake to the one task that produces the outgoing
/// body and does not touch it before that task has ended (`UpstreamRequest.Body.stream` promises it). Where the provider
/// fetches the file, that task writes it to the database (`Upload.handover`), and ends with `FileHandover.settle`. So there
/// is never more than one user.
final class UploadReader: @unchecked Sendable {
    private enum Place { case beforeFile, inFile, afterFile, ended }

    private var reader: FormReader
    private var iterator: any AsyncIteratorProtocol<ByteBuffer, any Error>
    private var place = Place.beforeFile
    private var buffered = CircularBuffer<ByteBuffer>()
    private let maxFileBytes: Int64
    private var fileBytes: Int64 = 0
    private var bodyBytes = 0
    private var bodyEnded = false
    private var bytesBehindForm = 0
    private let digest: FileDigest?

    /// The fields that came before the file, or all of them once the form has ended.
    private(set) var fields: [(name: String, value: FormValue)] = []
    /// Names of the fields that came behind the file.
    private(set) var lateFields: [String] = []
    private let takesFile: Bool
    private(set) var file: FormFile?

    /// - Parameters:
    ///   - fileName: the file's name by the request's query.
    ///   - takesFile: whether the method takes a file at all.
    /// - Throws: `APIError.invalidMultipart` where the content type announces no usable boundary.
    init(
        _ body: InboundBody, fileName: String? = nil, maxFileBytes: Int64, digest: FileDigest? = nil,
        takesFile: Bool = true
    ) throws(APIError) {
        self.digest = digest
        self.takesFile = takesFile
        reader = try Self.reader(of: body, fileName: fileName)
        self.maxFileBytes = maxFileBytes
        iterator = body.chunks.makeAsyncIterator()
    }

    private static func reader(of body: InboundBody, fileName: String?) throws(APIError) -> FormReader {
        do {
            return try FormReader(
                contentType: body.contentType, contentDisposition: body.contentDisposition, fileName: fileName,
                bodyLength: body.contentLength.map(Int.init))
        } catch {
            throw APIError(error, isJSON: false)
        }
    }

    var isJSON: Bool { reader.isJSON }

    /// Whether the file comes as base64 or the like, so that the body's length says little of it.
    var isEncoded: Bool { reader.isEncoded }

    /// Whether the file has no bytes and its sender gave it no name: an input that nobody filled in.
    var isBlank: Bool { fileSize == 0 && file?.filename == nil }

    /// Whether the whole body has been read.
    var isWhole: Bool { bodyEnded }

    /// The file's size: exact once its end was seen, or where the request's length says it.
    var fileSize: Int64? {
        switch place {
        case .afterFile, .ended: fileBytes
        case .beforeFile, .inFile: file?.length.map(Int64.init)
        }
    }

    /// The file has no more bytes than this; exact where nothing follows it in the form.
    var fileSizeBound: Int64? { fileSize ?? file?.maxLength.map(Int64.init) }

    /// Reads until the form ends or `limit` bytes have come.
    func readAhead(upTo limit: Int) async throws {
        while !bodyEnded, bodyBytes < limit { try await step() }
        if place == .beforeFile {
            throw APIError(.bodyTooLarge, "The fields before the file are larger than \(limit) bytes")
        }
        try checkBound()
    }

    /// The file's next bytes; nil at its end.
    func nextFileChunk() async throws -> ByteBuffer? {
        while buffered.isEmpty, place == .inFile { try await step() }
        return buffered.popFirst()
    }

    /// Reads the body to its end: what is said behind the form (RFC 2046 §5.1.1, epilogue) means nothing, but a digest
    /// of the body covers it.
    func finish() async throws {
        while !bodyEnded { try await step() }
    }

    /// All of a whole form's file; may be asked for again.
    var wholeFile: CircularBuffer<ByteBuffer> { buffered }

    private func step() async throws {
        if let chunk = try await iterator.next(isolation: nil) {
            bodyBytes += chunk.readableBytes
            guard place != .ended else { return try passEpilogue(chunk.readableBytes) }
            reader.append(chunk)
        } else {
            bodyEnded = true
            guard place != .ended else { return }
            reader.finish()
        }
        do {
            while let event = try reader.next() { try take(event) }
        } catch let error as FormError {
            throw APIError(error, isJSON: isJSON)
        }
    }

    private func passEpilogue(_ count: Int) throws(APIError) {
        bytesBehindForm += count
        guard bytesBehindForm <= 64 << 10 else {
            throw APIError(
                .invalidMultipart, "More than 64 KiB follow the end of the form",
                hint: "End the body with the closing boundary")
        }
    }

    private func take(_ event: FormEvent) throws(APIError) {
        switch event {
        case .field(let name, let value):
            if place == .afterFile { lateFields.append(name) }
            fields.append((name, value))
        case .fileStart(let start):
            guard file == nil else {
                throw APIError(
                    .tooManyFiles, "There is more than one file", param: start.fieldName,
                    hint: "Send one call for each file")
            }
            guard FileFieldName.isFile(start.fieldName) else {
                throw takesFile ? .misplacedFile(start.fieldName) : .fileNotTaken(start.fieldName)
            }
            file = start
            place = .inFile
        case .fileData(let data):
            fileBytes += Int64(data.readableBytes)
            guard fileBytes <= maxFileBytes else { throw .fileTooLarge(limit: maxFileBytes) }
            digest?.update(data)
            buffered.append(data)
        case .fileEnd:
            digest?.finish()
            place = .afterFile
        case .end: place = .ended
        }
    }

    /// Refuses a file that is too large by the request's length, before anything is sent. What follows a file is short:
    /// a field that the mapping reads may not follow it.
    private func checkBound() throws(APIError) {
        guard place == .inFile, let bound = fileSizeBound else { return }
        let slack = file?.length == nil ? Int64(128 << 10) : 0
        if bound - slack > maxFileBytes { throw .fileTooLarge(limit: maxFileBytes) }
    }
}
