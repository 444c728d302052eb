import Hummingbird
import JSON

/// Résumés: read-only, made by creating an opportunity, by applying, or in the user interface.
extension Lever {
    func addResumes(to router: Router<SandboxContext>, at root: String) {
        on(router, .get, root, "resumes:read") { call in
            let opportunity = try call.opportunity()
            let rows = opportunity.resumes.map {
                LeverList.Row(id: $0.id, time: $0.uploadedAt, json: $0.resumeJSON(opportunity: opportunity.id))
            }
            return call.answer(try LeverList.page(LeverList.within("uploaded_at", rows, call.query), call.query))
        }
        on(router, .get, "\(root)/:resume", "resumes:read") { call in
            let opportunity = try call.opportunity()
            return call.answer(["data": try call.resume(of: opportunity).resumeJSON(opportunity: opportunity.id)])
        }
        on(router, .get, "\(root)/:resume/download", "resumes:read") { call in
            try call.download(call.resume(of: call.opportunity()))
        }
    }
}

extension LeverCall {
    fileprivate func resume(of opportunity: LeverOpportunity) throws(LeverError) -> LeverDocument {
        let id = parameter("resume")
        guard let resume = opportunity.resumes.first(where: { $0.id == id }) else {
            throw .notFound("The resume \(id) does not exist")
        }
        return resume
    }
}
