import Hummingbird
import JSON

extension Lever {
    func addOpportunities(to router: Router<SandboxContext>, at root: String) {
        on(router, .get, root, "opportunities:read") { call in
            let wanted = call.query["confidentiality"] ?? "non-confidential"
            let emails = call.query.all("email")
            let found = store.read { $0.opportunities }.filter { opportunity in
                if opportunity.isConfidential, !call.access.confidential { return false }
                let fits = wanted == "all" || (wanted == "confidential") == opportunity.isConfidential
                return fits && (emails.isEmpty || !Set(emails).isDisjoint(with: opportunity.emails))
            }
            let rows = found.map { LeverList.Row(id: $0.id, time: $0.createdAt, json: $0.json) }
            return call.answer(try LeverList.page(LeverList.within("created_at", rows, call.query), call.query))
        }
        on(router, .get, "\(root)/:opportunity", "opportunities:read") { call in
            call.answer(["data": try call.opportunity().json])
        }
        on(router, .post, root, "opportunities:write") { call in
            let user = try call.performAs()
            let fields = try await call.receiveFields()
            let (made, deduped) = try store.change { (state) throws(LeverError) in
                state.add(call.opportunity(from: fields, owner: user))
            }
            return call.answer(["data": made.json, "deduped": .bool(deduped)], status: .created)
        }
        on(router, .get, "\(root)/:opportunity/file_actions", "files:read") { call in
            let opportunity = try call.opportunity()
            let rows = opportunity.files.map { LeverList.Row(action: "file-added", $0) }
                + opportunity.resumes.map { LeverList.Row(action: "resume-imported", $0) }
            return call.answer(try LeverList.page(LeverList.within("occurred_at", rows, call.query), call.query))
        }
    }
}

extension LeverCall {
    fileprivate func opportunity(from fields: LeverFields, owner: String) -> LeverOpportunity {
        var made = LeverOpportunity(
            id: LeverStore.newID(), contact: fields.text("contact") ?? LeverStore.newID(),
            name: fields.text("name") ?? "", owner: fields.text("owner") ?? owner, createdAt: now
        )
        made.headline = fields.text("headline") ?? ""
        made.stage = fields.text("stage") ?? "lead-new"
        made.location = fields.text("location") ?? ""
        made.origin = fields.text("origin") ?? "sourced"
        made.emails = fields.texts("emails")
        made.phones = fields.phones
        made.links = fields.texts("links")
        made.tags = fields.texts("tags")
        made.sources = fields.texts("sources")
        made.files = fields.files("files").compactMap(document)
        made.resumes = [fields.file("resumeFile")].compactMap { $0 }.compactMap(document)
        return made
    }
}

extension LeverStore.State {
    /// Adds an opportunity; one of its e-mail addresses being known puts it on that contact.
    mutating func add(_ opportunity: LeverOpportunity) -> (made: LeverOpportunity, deduped: Bool) {
        var made = opportunity
        let emails = Set(made.emails)
        let known = opportunities.first { !emails.isDisjoint(with: $0.emails) }
        if let known { made.contact = known.contact }
        opportunities.append(made)
        return (made, known != nil)
    }
}

extension LeverList.Row {
    fileprivate init(action type: String, _ document: LeverDocument) {
        self.init(
            id: document.id, time: document.uploadedAt,
            json: [
                "id": .string(document.id), "type": .string(type), "occurredAt": .integer(document.uploadedAt),
                "fileId": .string(document.id), "fileName": .string(document.name),
            ])
    }
}
