import Catalog
import JSON

/// What is done with a candidate whose e-mail address the vendor knows.
struct DuplicatePolicy: Sendable {
    enum Choice: String, CaseIterable { case reuse, create, fail }

    /// nil: what the vendor does by itself.
    var asked: Choice?
    /// For the response; nil where the call brings no candidate.
    var applied: String?
    /// Whether the candidate is looked for.
    var looks: Bool { asked == .reuse || asked == .fail }
}

/// Checks the body of a call that is carried out as a saga, before anything is sent.
struct SagaRequest {
    let exchange: ProviderExchange
    let saga: Saga
    let intake: SagaIntake

    init(_ exchange: ProviderExchange, _ saga: Saga, _ intake: SagaIntake) {
        self.exchange = exchange
        self.saga = saga
        self.intake = intake
    }

    private var vendor: String { exchange.plan.integration.label }

    /// The body and the parameters that steps read.
    ///
    /// - Throws: `missing_body_fields`, `invalid_body`, `missing_file`.
    func checked() throws -> (body: JSONObject, params: JSONObject) {
        let body = intake.body
        if SharedParameter.isGiven(body["candidate"]?[Saga.fileList]) {
            throw APIError(
                .fileNotTaken, "Files stand beside the candidate, not in it", param: "candidate[\(Saga.fileList)]",
                hint: "Send them in the parts attachments[0][file], attachments[1][file] and so on")
        }
        try BodyMembers(exchange.plan).check(body: body)
        var scope = exchange.plan.shared(try exchange.scope(body: .object(body), remoteData: intake.remoteData))
        let params = scope.params
        let hasCandidate = Saga.hasWholeCandidate(body)
        switch (hasCandidate, params["candidate_id"] != nil) {
        case (true, true):
            throw APIError(
                .invalidBody, "There is a candidate and a candidate_id", param: "candidate_id", hint: "Send one of them")
        case (false, false):
            throw APIError(
                .missingBodyFields, "candidate or candidate_id is required", param: "candidate",
                hint: "Send the whole candidate, or the id of one who exists"
            ).insight("missing_required_body_fields", "Body fields that the call needs", ["candidate"])
        case (false, true):
            try requireReadsCandidate("candidate_id")
        case (true, false):
            // The id is there when the application is made.
            scope.params["candidate_id"] = "0"
            var filled = scope.body?.object ?? [:]
            filled["candidate_id"] = "0"
            scope.body = .object(filled)
        }
        try exchange.validate(scope)
        for (at, item) in (body[Saga.fileList]?.array ?? []).enumerated() {
            let isFile = item["file"].flatMap(FileHandle.init) != nil
            guard isFile || item["file_url"]?.string?.isEmpty == false else {
                throw APIError(
                    .missingFile, "attachments[\(at)] has no file", param: "attachments[\(at)][file]",
                    hint: "Send the part attachments[\(at)][file], base64 in JSON, or file_url")
            }
        }
        var clean = body
        clean["on_duplicate_candidate"] = nil
        return (clean, params)
    }

    private func requireReadsCandidate(_ param: String) throws(APIError) {
        guard let read = exchange.plan.bodyMembersRead, !read.contains("candidate_id") else { return }
        throw APIError(
            .invalidBody, "\(vendor) cannot let a candidate who exists apply", param: param,
            hint: "Send the whole candidate")
    }

    /// - Throws: `invalid_query_parameter`, `unsupported_filter` where the vendor cannot look for an e-mail address.
    func duplicates(body: JSONObject, params: JSONObject) async throws -> DuplicatePolicy {
        let name = "on_duplicate_candidate"
        let text = (intake.body[name] ?? exchange.parameters.query[name])?.string
        guard Saga.hasWholeCandidate(body) else { return DuplicatePolicy() }
        guard let text, !text.isEmpty else { return DuplicatePolicy(applied: saga.duplicates.rawValue) }
        guard let choice = DuplicatePolicy.Choice(rawValue: text) else {
            throw APIError(
                .invalidQueryParameter, "\(name) must be reuse, create or fail", param: name)
        }
        switch choice {
        case .create where saga.duplicates == .reuse || saga.duplicates == .fail:
            throw APIError(
                .invalidQueryParameter, "\(vendor) makes no second candidate with the same e-mail address", param: name,
                hint: "Leave \(name) out, or send reuse")
        case .create: break
        case .reuse, .fail:
            if choice == .reuse { try requireReadsCandidate(name) }
            guard body["candidate"]?["emails"]?.array?.first?["email"]?.string?.isEmpty == false else {
                throw APIError(
                    .missingBodyFields, "\(name) needs the candidate's e-mail address", param: "candidate[emails]")
            }
            guard let find = saga.step("candidate")?.find, await SagaSearch(exchange).offers(find) else {
                throw APIError(
                    .unsupportedFilter, "\(vendor) cannot look for candidates by e-mail address", param: name,
                    hint: "Leave \(name) out: the response says what the provider does by itself")
            }
        }
        return DuplicatePolicy(asked: choice, applied: choice.rawValue)
    }
}
