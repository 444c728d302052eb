import JSON

extension Lever {
    var state: JSONValue {
        let state = store.read { $0 }
        return [
            "vendor": "lever",
            "now_ms": .integer(core.clock.now),
            "oauth": oauth.summary,
            "uploads": .array(
                state.uploads.map { upload in
                    [
                        "id": .string(upload.id), "name": .string(upload.filename), "type": .text(upload.contentType),
                        "size": .integer(upload.bytes.size), "sha256": .string(upload.sha256),
                        "expires_at": .integer(upload.expiresAt), "expired": .bool(upload.expiresAt <= core.clock.now),
                    ]
                }),
            "opportunities": .object(
                JSONObject(
                    state.opportunities.map { opportunity in
                        (
                            opportunity.id,
                            [
                                "files": .array(opportunity.files.map(\.stateJSON)),
                                "resumes": .array(opportunity.resumes.map(\.stateJSON)),
                            ]
                        )
                    })),
        ]
    }

    /// `{"opportunity": id?, "files": N?, "resumes": N?, "size": bytes?}`: adds numbered PDF files one second apart.
    func seed(_ request: JSONValue) throws(BehaviourFault) -> JSONValue {
        let opportunity = request["opportunity"]?.string ?? LeverSeed.opportunity
        let size = max(0, min(request["size"]?.int ?? 100, 1 << 20))
        let files = documents(request["files"]?.int ?? 0, "file", size)
        let resumes = documents(request["resumes"]?.int ?? 0, "resume", size)
        do {
            try store.change { (state) throws(LeverError) in
                guard let place = state.place(of: opportunity) else {
                    throw .notFound("opportunity \(opportunity) does not exist")
                }
                state.opportunities[place].files += files
                state.opportunities[place].resumes += resumes
            }
        } catch {
            throw BehaviourFault(message: error.message)
        }
        return [
            "opportunity": .string(opportunity), "files": .strings(files.map(\.id)),
            "resumes": .strings(resumes.map(\.id)),
        ]
    }

    /// `{"auto_approve": flag?, "access_token_lifetime": seconds?, "revoke_consents": true?}`.
    func configure(_ request: JSONValue) throws(BehaviourFault) -> JSONValue {
        let lifetime = request["access_token_lifetime"]
        if let lifetime, lifetime.int.map({ $0 < 0 }) ?? true {
            throw BehaviourFault(message: "access_token_lifetime is not a whole number of seconds")
        }
        oauth.configure(autoApprove: request["auto_approve"]?.bool, accessTokenLifetime: lifetime?.int)
        if request["revoke_consents"] == true { oauth.revokeConsents() }
        return oauth.summary
    }

    private func documents(_ count: Int, _ stem: String, _ size: Int) -> [LeverDocument] {
        (0..<max(0, min(count, 10_000))).map { index in
            let line = Array("%PDF-1.4 \(stem) \(index + 1)\n".utf8)
            let bytes = (0..<size).map { line[$0 % line.count] }
            return LeverStore.document(
                name: "\(stem)-\(index + 1).pdf", bytes: bytes, type: "application/pdf",
                at: LeverSeed.createdAt + Int64(index) * 1000, core: core
            )
        }
    }
}
