import Catalog
import JSON

extension Upload {
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
}
