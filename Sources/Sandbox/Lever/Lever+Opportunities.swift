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
    }
}
