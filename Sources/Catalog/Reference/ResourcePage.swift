import JSON

/// What a resource is, how it is called, and who serves it.
struct ResourcePage {
    private let model: String
    private let resource: UnifiedResource
    private let offers: [ReferencePages.Offer]

    init(_ resource: UnifiedResource, of model: String, _ offers: [ReferencePages.Offer]) {
        self.model = model
        self.resource = resource
        self.offers = offers
    }

    var text: String {
        var page = MarkdownPage(resource.name)
        page.paragraph("\(resource.description ?? "") \(MarkdownPage.origin)")
        page.heading("Fields")
        page.table(
            ["field", "type", "what it is"],
            resource.schema.properties.map { ["`\($0.name)`", Self.type($0.schema), $0.schema["description"]?.string ?? ""] })
        if !resource.references.isEmpty {
            let fields = resource.references.map { "`\($0.field)` ([\($0.resource)](\($0.resource).md))" }
            page.paragraph(
                "`truto_expand` of `list` and `get` fills \(fields.joined(separator: ", ")) where the vendor's `get` of that resource "
                    + "is served.")
        }
        for name in resource.methodNames {
            guard let method = resource.methods[name] else { continue }
            page.heading(name)
            page.paragraph("`\(method.httpMethod) \(method.path(of: resource.name, in: model))` \(method.description ?? "")")
            let rows = method.query.map { parameter("query", $0) } + method.body.map { parameter("body", $0) }
            page.table(["parameter", "in", "type", "what it says"], rows)
            vendors(name, method, &page)
        }
        return page.text
    }

    private func parameter(_ place: String, _ parameter: UnifiedMethod.Parameter) -> [String] {
        let name = "`\(parameter.name)`" + (parameter.required ? " (required)" : "")
        return [name, place, Self.type(parameter.schema), parameter.schema["description"]?.string ?? ""]
    }

    private func vendors(_ name: String, _ method: UnifiedMethod, _ page: inout MarkdownPage) {
        let own = offers.filter { $0.plan.method == name }
        guard !own.isEmpty else { return page.paragraph("No vendor serves it.") }
        let isList = method.response == .list
        page.table(
            ["vendor", "needs"] + (isList ? ["the vendor filters by", "the gateway filters by"] : []),
            own.map { offer in
                var row = [
                    "[\(offer.plan.integration.label)](../vendors/\(offer.plan.integration.name).md)"
                        + (offer.entry.isDocumented ? "" : " (in part inferred)")
                ]
                row.append(Requirement.text(offer.plan.unifiedMethod.requires))
                if isList, let filters = offer.plan.filters {
                    row.append(MarkdownPage.names(filters.provider))
                    row.append(MarkdownPage.names(filters.gateway.map(\.name)))
                }
                return row
            })
    }

    static func type(_ schema: JSONValue) -> String {
        if let options = schema["enum"]?.array { return options.compactMap(\.string).map { "`\($0)`" }.joined(separator: ", ") }
        if schema["format"]?.string == "date-time" { return "time" }
        if schema["format"]?.string == "binary" { return "file" }
        if schema["type"]?.string == "array" { return "list" }
        return schema["type"]?.string ?? "any"
    }
}

extension Requirement {
    /// `candidate_id`, and `application_id` or `job_id`; a dash for none.
    static func text(_ groups: [[String]]) -> String {
        groups.isEmpty ? "–" : groups.map { $0.map { "`\($0)`" }.joined(separator: " or ") }.joined(separator: ", and ")
    }
}
