import Catalog
import JSON
import Logging
import Multipart
import NIOCore
import Upstream

/// The body of one call as the mappings see it, and the way from its file to the provider.
///
/// An object, since every step of the call holds it and it is large.
final class Upload: Sendable {
    let exchange: ProviderExchange
    let wantsFile: Bool
    let maxFileBytes: Int64
    /// The file's digest once it has passed; nil unless the call asked for it.
    let digest: FileDigest?
    private let contents: Contents

    private struct Contents: Sendable {
        /// The unified body, with the file as a handle; nil for calls without a body.
        var body: JSONObject?
        var remoteData: JSONObject?
        var intake: UploadReader?
        /// The file, where it had to be read to its end before the call could be made.
        var spooled: SpooledFile?
        /// The address to fetch the file from, where the body gives one in place of the file.
        var address: String?
        var source: (any FileSource)?
        /// Names this call's file in mappings; random, so that no caller can make one up.
        var token: String?
        /// Files that a step takes along, by the tokens of their handles.
        var along: [String: FileAlong] = [:]
        /// Of the call's query.
        let fileName: JSONValue?

        /// Puts the file into the body as the mappings see it.
        ///
        /// What the caller says of it in fields goes before what comes with it: it is what somebody meant.
        mutating func take(_ source: any FileSource, name: String?, contentType: String?) {
            self.source = source
            describe(name: name, contentType: contentType, size: source.fileSize)
        }

        mutating func describe(name: String?, contentType: String?, size: Int64?) {
            let token = FileHandle.makeToken()
            let stated = (body?["file_name"] ?? fileName)?.string
            let file = FileDescription(
                stated: (stated, body?["content_type"]?.string), own: (name, contentType))
            self.token = token
            body?["file"] =
                FileHandle(
                    token: token, name: file.name, contentType: file.contentType, size: size.map { Int($0) }
                ).json
        }
    }

    var body: JSONObject? { contents.body }
    var remoteData: JSONObject? { contents.remoteData }
    var source: (any FileSource)? { contents.source }
    var token: String? { contents.token }
    private var intake: UploadReader? { contents.intake }
    private var spooled: SpooledFile? { contents.spooled }
    var address: String? { contents.address }
    var along: [String: FileAlong] { contents.along }

    /// Opens the body of a call and hands it to `use`; a file at an address is fetched while `use` runs.
    ///
    /// - Throws: `APIError` for a body that cannot be read, is too large or holds more than one file;
    ///   `FileFetchError`; what `use` throws.
    static func with(_ exchange: ProviderExchange, _ use: (Upload) async throws -> Void) async throws {
        let upload = try await Upload(exchange)
        guard let address = upload.address else { return try await use(upload) }
        let limits = FileFetchLimits(maxBytes: upload.maxFileBytes)
        if exchange.forwardsAddresses {
            try await exchange.service.upstream.checkFetchable(address, for: exchange.call.account.tenant, limits: limits)
            let forwarded = upload.changed { $0.describe(name: FetchedSource.name(inPath: address), contentType: nil, size: nil) }
            do { return try await use(forwarded) } catch is FileIsNeeded {}
        }
        try await exchange.service.upstream.fetch(address, for: exchange.call.account.tenant, limits: limits) { file in
            let source = FetchedSource(file, digest: upload.digest)
            var (taken, spooled): (any FileSource, SpooledFile?) = (source, nil)
            if source.fileSize == nil, exchange.plan.readsFileSize, let folder = exchange.service.limits.spoolFolder {
                let whole = try await source.spool(in: folder)
                spooled = whole
                taken = SpooledSource(whole)
            }
            let fetched = upload.changed { [taken, spooled] in
                $0.spooled = spooled
                $0.take(taken, name: source.filename, contentType: source.contentType)
            }
            exchange.call.logger.info(
                "fetching a file",
                metadata: [
                    "host": .string(file.url.authority), "type": .string(source.contentType ?? "none"),
                    "bytes": .string(file.length.map(String.init) ?? "unknown"),
                ])
            try await use(fetched)
        }
    }

    private init(_ exchange: ProviderExchange, _ wantsFile: Bool, _ maxFileBytes: Int64, _ digest: FileDigest?, _ contents: Contents) {
        self.exchange = exchange
        self.wantsFile = wantsFile
        self.maxFileBytes = maxFileBytes
        self.digest = digest
        self.contents = contents
    }

    private func changed(_ change: (inout Contents) -> Void) -> Upload {
        var contents = contents
        change(&contents)
        return Upload(exchange, wantsFile, maxFileBytes, digest, contents)
    }

    /// Reads ahead as far as the limits allow, or to the end where what is needed may stand there.
    private init(_ exchange: ProviderExchange) async throws {
        self.exchange = exchange
        let plan = exchange.plan
        let query = exchange.parameters.query
        wantsFile = plan.unifiedMethod.body.contains(where: \.isFile)
        maxFileBytes = exchange.maxFileBytes
        digest = wantsFile && exchange.call.wantsFileDigest ? FileDigest() : nil
        let members = BodyMembers(plan)
        if wantsFile { try members.check(query: query) }
        var contents = Contents(fileName: query["file_name"])
        if let prepared = exchange.call.prepared {
            contents.body = prepared.body
            contents.remoteData = prepared.remoteData
            contents.spooled = prepared.file?.file
            contents.along = prepared.along
            contents.address = prepared.file == nil && wantsFile ? prepared.body["file_url"]?.string : nil
            if let file = prepared.file {
                contents.take(SpooledSource(file.file), name: file.name, contentType: file.contentType)
            }
            self.contents = contents
            return
        }
        guard let inbound = exchange.call.body, !plan.unifiedMethod.body.isEmpty else {
            self.contents = contents
            return
        }
        let intake = try UploadReader(
            inbound, fileName: query["file_name"]?.string, maxFileBytes: maxFileBytes, digest: digest,
            takesFile: wantsFile || plan.saga != nil)
        // base64 is a third longer than its file: what that may hide is found while streaming.
        if let length = inbound.contentLength, !intake.isEncoded,
            length - Int64(FormLimits.standard.maxFieldBytes) > maxFileBytes
        {
            throw APIError.fileTooLarge(limit: maxFileBytes)
        }
        do {
            try await intake.readAhead(upTo: exchange.lookahead)
        } catch let error as APIError where error.code == .bodyTooLarge && exchange.isShort {
            throw APIError.overloaded
        }
        let spooled = try await Self.spool(intake, exchange)

        let fields = try FormFields(intake.fields, isJSON: intake.isJSON, keepsNull: plan.method == "update")
        if !wantsFile { try Self.requireNoFile(intake, fields.body, ofSaga: plan.saga != nil) }
        try members.check(body: fields.body)
        let fileURL = wantsFile ? fields.body["file_url"]?.string : nil
        contents.intake = intake
        contents.spooled = spooled
        contents.body = fields.body
        contents.remoteData = fields.remoteData
        contents.address = fileURL
        let statedName = fields.body["file_name"] ?? query["file_name"]
        if let file = intake.file, !intake.isBlank || statedName?.string?.isEmpty == false {
            guard fileURL == nil else {
                throw APIError(
                    .tooManyFiles, "There is a file and a file_url", param: "file_url", hint: "Send one of them")
            }
            contents.take(spooled.map(SpooledSource.init) ?? intake, name: file.filename, contentType: file.contentType)
        }
        self.contents = contents
    }

    /// The members of a JSON object have no order (RFC 8259 §4), and neither have those of a URL-encoded form that a
    /// library made of one. So where something behind the file could change the request, the file waits on disk; and so it
    /// does where the request says the file's size, and only the file's end tells it.
    private static func spool(_ intake: UploadReader, _ exchange: ProviderExchange) async throws -> SpooledFile? {
        guard let folder = exchange.service.limits.spoolFolder, !intake.isWhole else { return nil }
        let (fields, plan) = (intake.fields, exchange.plan)
        let awaitsFields =
            intake.isEncoded
            && !RequiredFields(plan).areAll(
                among: fields.map(\.name), given: fields.filter { !$0.value.json.isNull }.map(\.name))
        guard awaitsFields || (intake.file != nil && intake.fileSize == nil && plan.readsFileSize) else { return nil }
        return try await intake.spool(in: folder)
    }

    /// Refuses files where the method takes none: they would be dropped in silence.
    private static func requireNoFile(_ intake: UploadReader, _ body: JSONObject, ofSaga: Bool) throws(APIError) {
        if let file = intake.file, !intake.isBlank { throw .fileNotTaken(file.fieldName) }
        if !ofSaga, SharedParameter.isGiven(body[Saga.fileList]) { throw .fileNotTaken(Saga.fileList) }
    }

    /// - Throws: `missing_file` where the method takes a file and the body holds none.
    func requireFile() throws(APIError) {
        guard wantsFile, body?["file"].flatMap(FileHandle.init) == nil else { return }
        if body?["file"] != nil {
            throw APIError(
                .invalidFile, "file must be base64 or a data: URI", param: "file",
                hint: "Send file as a string, or send multipart/form-data")
        }
        throw APIError.missingFile
    }

    /// Refuses a file without a candidate, application or job where the caller or the account requires one.
    ///
    /// Some providers take a file without a candidate and keep it for a day: an upload that seems to have worked.
    /// - Throws: `missing_body_fields`.
    func requireReference() throws(APIError) {
        guard isReferenceRequired, RecordReference.isKnown(to: exchange.plan.unifiedMethod),
            !RecordReference.isGiven(body: body, query: exchange.parameters.query)
        else { return }
        throw APIError(
            .missingBodyFields, "candidate_id or application_id is required", param: "candidate_id",
            hint: isWholeBodyKnown
                ? "Say whose file it is, or call without require_candidate"
                : "Say whose file it is in a field before the file, or in the query"
        ).insight("missing_required_body_fields", "Body fields that the call needs", ["candidate_id"])
    }

    private var isReferenceRequired: Bool {
        guard exchange.plan.method == "create", wantsFile else { return false }
        if exchange.parameters.requiresCandidate { return true }
        let setting = exchange.call.account.context["require_candidate"]
        return setting == true || setting == "true"
    }

    /// The outgoing body: whole and repeatable where the form is known whole, else streamed.
    ///
    /// - Parameter link: the address that stands for the file, where the provider fetches it.
    func outgoing(
        _ request: OutgoingRequest, planned: PlannedCall, link: String? = nil
    ) throws -> (body: UpstreamRequest.Body, contentType: String?) {
        let layout = try BodyLayout(request.body, tokens: tokens, link: link)
        let largest = planned.method.maxBodySize.map(Int64.init)
        func requireFit(_ fileSize: Int64) throws {
            guard let largest, let length = layout.length(fileSize: fileSize), length > largest else { return }
            throw APIError.bodyTooLargeForProvider(limit: largest)
        }
        func whole(_ file: CircularBuffer<ByteBuffer>) throws -> (body: UpstreamRequest.Body, contentType: String?) {
            if layout.segments.isEmpty { return (.none, layout.contentType) }
            return (.bytes(try FileStream.whole(layout, file: file)), layout.contentType)
        }
        // `handover` has checked the file, and its task may be reading it by now: nothing here may look at it.
        if link != nil, along.isEmpty, layout.placedFiles.isEmpty {
            try requireFit(0)
            return try whole([])
        }
        try check(planned.method)
        if !along.isEmpty { return try outgoing(layout, planned.method, largest: largest) }
        if !layout.placedFiles.isEmpty, source == nil, address != nil { throw FileIsNeeded() }
        try requireFit(source?.fileSize ?? 0)
        guard let source, !layout.placedFiles.isEmpty, !isWhole else { return try whole(wholeFile) }
        if let spooled, let length = layout.length(fileSize: spooled.length) {
            let write: @Sendable (BodyWriter) async throws -> Void = { writer in
                try await FileStream(layout: layout, source: SpooledSource(spooled), largest: largest) { _ in }.produce(writer)
            }
            return (.repeatable(length: length, write), layout.contentType)
        }
        let stream = FileStream(layout: layout, source: source, largest: largest, checkLate: checkLate)
        return (.stream(length: stream.declaredLength, stream.produce), layout.contentType)
    }

    /// The outgoing body of a step that takes files along: repeatable, as each of them lies on disk.
    func outgoing(
        _ layout: BodyLayout, _ method: IntegrationMethod, largest: Int64?
    ) throws -> (body: UpstreamRequest.Body, contentType: String?) {
        for file in layout.files {
            guard let known = along[file.token] else { continue }
            try check(file, size: known.spooled?.length, method, param: "\(Saga.fileList)[\(known.item)][file]")
        }
        exchange.call.watch?.holds(layout.files.compactMap { along[$0.token]?.item })
        let files = along.compactMapValues(\.spooled)
        guard let length = layout.length({ files[$0]?.length }) else {
            throw APIError(.mappingFailed, "The mapping takes the bytes of a file that the provider was to fetch")
        }
        if let largest, length > largest { throw APIError.bodyTooLargeForProvider(limit: largest) }
        if layout.segments.isEmpty { return (.none, layout.contentType) }
        if layout.placedFiles.isEmpty { return (.bytes(try FileStream.whole(layout, file: [])), layout.contentType) }
        let write: @Sendable (BodyWriter) async throws -> Void = { try await FileStream.produce(layout, files: files, $0) }
        return (.repeatable(length: length, write), layout.contentType)
    }

    /// The tokens of this call's files.
    var tokens: Set<String> { Set(along.keys).union(token.map { [$0] } ?? []) }

    /// Judges the fields that came behind a file that was on its way already.
    var checkLate: @Sendable ([String]) throws -> Void {
        let readNames = RequiredFields(exchange.plan)
        let members = BodyMembers(exchange.plan)
        let isShort = exchange.isShort
        return { late in
            for name in late {
                try members.check(lateField: name)
                // With room to read as far ahead as promised, the form might have been known whole.
                if readNames.contains(name) { throw isShort ? APIError.overloaded : APIError.fieldAfterFile(name) }
            }
        }
    }

    /// All of the file where `isWhole`; may be asked for again.
    var wholeFile: CircularBuffer<ByteBuffer> { intake?.wholeFile ?? [] }

    /// Whether the file is here to its last byte, so that it can be sent more than once.
    var isWhole: Bool { address == nil && spooled == nil && intake?.isWhole == true }

    /// Whether no field can come behind those that are known.
    var isWholeBodyKnown: Bool { intake?.isWhole ?? true }

    /// The body with the fields that came behind the file, for what is mapped after the request was sent; nil where none came.
    func bodyAfterSending() throws(APIError) -> JSONObject? {
        guard let intake, var whole = body, !intake.lateFields.isEmpty else { return nil }
        let all = try FormFields(intake.fields, isJSON: intake.isJSON).body
        for (name, value) in all where whole[name] == nil { whole[name] = value }
        return whole
    }

    /// The file against the method's own limits, as far as they can be judged before it is sent.
    func check(_ method: IntegrationMethod) throws(APIError) {
        guard let handle = body?["file"].flatMap(FileHandle.init) else { return }
        try check(handle, size: source?.fileSize, method, param: "file")
    }

    func check(_ handle: FileHandle, size: Int64?, _ method: IntegrationMethod, param: String) throws(APIError) {
        if let limit = method.maxFileSize, let size, size > Int64(limit) {
            throw .fileTooLarge(limit: Int64(limit), param: param)
        }
        guard method.accepts(fileName: handle.name, contentType: handle.contentType) else {
            let (accepted, refused) = (method.acceptedTypes, method.refusedTypes)
            var hints = accepted.isEmpty ? [] : ["accepted are \(accepted.joined(separator: ", "))"]
            if !refused.isEmpty { hints.append("refused are \(refused.joined(separator: ", "))") }
            throw APIError(
                .fileTypeNotAccepted, "Files of this type are not accepted; \(hints.joined(separator: ", "))", param: param)
        }
    }
}

extension APIError {
    static func fieldAfterFile(_ name: String) -> APIError {
        APIError(
            .fieldAfterFile, "The field \(name) came after the file, which was already on its way", param: name,
            hint: "Move \(name) before file")
    }
}
