import Catalog
import JSON
import Multipart
import NIOCore
import Upstream

/// The body of one call as the mappings see it, and the way from its file to the provider.
struct Upload {
    /// The unified body, with the file as a handle; nil for calls without a body.
    let body: JSONObject?
    let remoteData: JSONObject?

    private let exchange: ProviderExchange
    private let intake: FormIntake?
    /// Names this call's file in mappings; random, so that no caller can make one up.
    private let token: String?
    private let wantsFile: Bool

    /// Reads ahead as far as the limits allow.
    ///
    /// - Throws: `APIError` for a body that cannot be read, is too large or holds more than one file.
    init(_ exchange: ProviderExchange) async throws {
        self.exchange = exchange
        let plan = exchange.plan
        let fileParameter = plan.unifiedMethod.body.first(where: \.isFile)?.name
        wantsFile = fileParameter != nil
        guard let inbound = exchange.call.body, !plan.unifiedMethod.body.isEmpty else {
            body = nil
            remoteData = nil
            intake = nil
            token = nil
            return
        }
        let maxFile = Self.maxFileBytes(exchange)
        if let length = inbound.contentLength, length > maxFile + Int64(Self.formSlack(inbound)) {
            throw APIError.fileTooLarge(limit: maxFile)
        }
        let intake = try FormIntake(inbound, maxFileBytes: maxFile)
        try await intake.readAhead(upTo: exchange.service.limits.lookahead)

        let fields = try FormFields(intake.fields)
        var body = fields.body
        if body["file_url"]?.string != nil, intake.file == nil, wantsFile {
            throw APIError(.notSupportedYet, "file_url is not served yet; send the file itself", param: "file_url")
        }
        self.intake = intake
        if let file = intake.file {
            let token = String(UInt64.random(in: .min ... .max), radix: 36)
            self.token = token
            let query = exchange.parameters.query
            let handle = FileHandle(
                token: token,
                name: FileName.sanitized(
                    file.filename ?? body["file_name"]?.string ?? query["file_name"]?.string ?? "file"),
                contentType: Self.mediaType(file.contentType ?? body["content_type"]?.string),
                size: intake.fileSize.map { Int($0) })
            body["file"] = handle.json
        } else {
            token = nil
        }
        self.body = body
        remoteData = fields.remoteData
    }

    /// - Throws: `missing_file` where the method takes a file and the body holds none.
    func requireFile() throws(APIError) {
        guard wantsFile, body?["file"].flatMap(FileHandle.init) == nil else { return }
        if let file = body?["file"], !file.isNull {
            throw APIError(
                .invalidFile, "file must be base64 or a data: URI", param: "file",
                hint: "Send file as a string, or send multipart/form-data")
        }
        throw APIError.missingFile
    }

    /// The outgoing body: whole and repeatable where the form is known whole, else streamed.
    func outgoing(
        _ request: OutgoingRequest, planned: PlannedCall
    ) throws -> (body: UpstreamRequest.Body, contentType: String?) {
        try check(planned.method)
        let layout = try BodyLayout(request.body, token: token)
        if layout.segments.isEmpty { return (.none, layout.contentType) }
        guard let intake, layout.filePlaces > 0, !intake.isWhole else {
            let whole = try FileStream.whole(layout, file: intake?.wholeFile() ?? ByteBuffer())
            return (.bytes(whole), layout.contentType)
        }
        let readNames = FieldsRead(exchange.plan)
        let stream = FileStream(layout: layout, intake: intake) { late in
            for name in late where readNames.contains(name) { throw APIError.fieldAfterFile(name) }
        }
        return (.stream(length: stream.declaredLength, stream.produce), layout.contentType)
    }

    /// The body with the fields that came behind the file too, for what is mapped after the request was sent.
    func bodyAfterSending() throws(APIError) -> JSONObject? {
        guard let intake, var whole = body, !intake.lateFields.isEmpty else { return body }
        for (name, value) in try FormFields(intake.fields).body where whole[name] == nil { whole[name] = value }
        return whole
    }

    /// The file against the method's own limits, as far as they can be judged before it is sent.
    private func check(_ method: IntegrationMethod) throws(APIError) {
        guard let handle = body?["file"].flatMap(FileHandle.init) else { return }
        if let limit = method.maxFileSize, let size = intake?.fileSize, size > Int64(limit) {
            throw .fileTooLarge(limit: Int64(limit))
        }
        let accepted = AcceptedTypes(method.acceptedTypes)
        guard accepted.allows(name: handle.name, contentType: handle.contentType) else {
            throw APIError(
                .fileTypeNotAccepted, "Files of this type are not accepted; accepted are \(accepted)", param: "file")
        }
    }

    /// The largest file that any provider call of this method takes.
    private static func maxFileBytes(_ exchange: ProviderExchange) -> Int64 {
        let limits = exchange.plan.possibleMethods.compactMap(\.maxFileSize).map(Int64.init)
        let gateway = exchange.service.limits.maxFileBytes
        guard limits.count == exchange.plan.possibleMethods.count, let largest = limits.max() else { return gateway }
        return min(largest, gateway)
    }

    /// Bytes that a body may be longer than the file in it, encoding aside.
    private static func formSlack(_ inbound: InboundBody) -> Int {
        let type = inbound.contentType.flatMap(MediaType.init)?.essence ?? ""
        // base64 is a third longer: what that may hide is found while streaming.
        return type == "application/json" || type == "text/plain" ? .max >> 1 : FormLimits.standard.maxFieldBytes
    }

    /// A media type fit for a header of ours; nil where the client sent none or nonsense.
    private static func mediaType(_ text: String?) -> String? {
        guard let text, MediaType(text) != nil else { return nil }
        return text
    }
}

extension APIError {
    static func fieldAfterFile(_ name: String) -> APIError {
        APIError(
            .fieldAfterFile, "The part \(name) came after the file, which was already on its way", param: name,
            hint: "Move the part \(name) before file")
    }
}
