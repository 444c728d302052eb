import Hummingbird
import JSON

/// Applying to a posting: the one place where a temporary upload is used.
extension Lever {
    func addApply(to router: Router<SandboxContext>) {
        on(router, .post, "v1/postings/:posting/apply", "uploads:write") { call in
            let posting = call.parameter("posting")
            guard posting == LeverSeed.posting else { throw LeverError.notFound("The posting \(posting) does not exist") }
            try await call.receiveBody()
            let body = (try? JSONValue.parse(call.exchange.text)) ?? .null
            let answers = body["personalInformation"]?.array ?? []
            func answer(_ name: String) -> String? { answers.first { $0["name"]?.string == name }?["value"]?.string }
            guard let email = answer("email") else { throw LeverError.missing("email") }

            let application = LeverStore.newID()
            try store.change { (state) throws(LeverError) in
                var made = LeverOpportunity(
                    id: LeverStore.newID(), contact: LeverStore.newID(), name: answer("fullName") ?? "",
                    emails: [email], owner: LeverSeed.performAs, createdAt: call.now
                )
                made.stage = "applicant-new"
                made.origin = "applied"
                if let uri = answer("resume") {
                    made.resumes = [try state.upload(at: uri, now: call.now).resume(at: call.now)]
                }
                let opportunity = state.add(made).made.id
                state.applications.append(
                    LeverApplication(id: application, posting: posting, opportunity: opportunity))
            }
            return call.answer(["data": ["applicationId": .string(application)]], status: .created)
        }
    }
}

extension LeverStore.State {
    /// The upload that a uri names, as long as it lives.
    fileprivate func upload(at uri: String, now: Int64) throws(LeverError) -> LeverUpload {
        let id = FormEncoding.decode(uri.split(separator: "/").last ?? "", plusIsSpace: false)
        guard let upload = uploads.first(where: { $0.id == id }), upload.expiresAt > now else {
            throw .invalid("resume: the upload does not exist or has expired")
        }
        return upload
    }
}

extension LeverUpload {
    /// The upload's file is copied to the application.
    fileprivate func resume(at time: Int64) -> LeverDocument {
        LeverDocument(
            id: LeverStore.newID(), name: filename, contentType: contentType, sha256: sha256, uploadedAt: time,
            bytes: bytes
        )
    }
}
