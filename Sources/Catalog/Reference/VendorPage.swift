/// What an integration needs to be connected, what it offers, and what is odd about it.
struct VendorPage {
    private let integration: Integration
    private let offers: [ReferencePages.Offer]

    init(_ integration: Integration, _ offers: [ReferencePages.Offer]) {
        self.integration = integration
        self.offers = offers
    }

    var text: String {
        var page = MarkdownPage(integration.label)
        page.paragraph("\(integration.description ?? "") The integration is called `\(integration.name)`. \(MarkdownPage.origin)")
        if let address = integration.documentationURL { page.paragraph("The vendor's documentation: \(address)") }
        connecting(&page)
        limits(&page)
        var resources: [String] = []
        for offer in offers where !resources.contains(offer.plan.resource) { resources.append(offer.plan.resource) }
        page.heading("What it offers")
        page.table(
            ["resource", "methods"],
            resources.map { resource in
                let methods = offers.filter { $0.plan.resource == resource }.map(\.plan.method)
                return ["[\(resource)](../resources/\(resource).md)", MarkdownPage.names(methods)]
            })
        for resource in resources {
            page.heading(resource)
            for offer in offers where offer.plan.resource == resource { method(offer, &page) }
        }
        return page.text
    }

    private func connecting(_ page: inout MarkdownPage) {
        page.heading("Connecting")
        for credential in integration.credentials {
            page.heading("`\(credential.name)`: \(Self.words(credential.format))", level: 3)
            if let address = credential.documentationLink { page.paragraph("Where a customer finds them: \(address)") }
            page.table(
                ["field", "called", "required", "what it is, and where it is found"],
                credential.fields.map { field in
                    var about = field.helpText ?? ""
                    if !field.options.isEmpty { about += " One of " + MarkdownPage.names(field.options.map(\.value)) + "." }
                    if field.optionsFrom != nil { about += " Chosen from a list, once the other credentials work." }
                    if let placeholder = field.placeholder { about += " Such as `\(placeholder)`." }
                    return ["`\(field.name)`", field.label, field.required ? "yes" : "no", about]
                })
            if let scopes = credential.oauth2?.scopes, !scopes.isEmpty { page.paragraph("Scopes: \(MarkdownPage.names(scopes)).") }
            if credential.fields.isEmpty { page.paragraph("Nothing is typed in: the customer consents at the vendor.") }
        }
    }

    private static func words(_ format: Credential.Format) -> String {
        switch format {
        case .apiKey: "credentials that are typed in"
        case .oauth2: "OAuth 2.0, with the customer's consent"
        case .oauth2ClientCredentials: "OAuth 2.0 client credentials"
        case .oauth1: "OAuth 1.0"
        }
    }

    private func limits(_ page: inout MarkdownPage) {
        page.heading("Limits")
        let (buckets, concurrency) = (integration.rateLimit?.buckets ?? [], integration.rateLimit?.concurrency ?? [])
        if buckets.isEmpty, concurrency.isEmpty {
            page.paragraph("No rate of calls is stated; a refusal for too many calls is passed on with the time to wait.")
        }
        for bucket in buckets {
            let seconds = bucket.seconds == 1 ? "a second" : "\(bucket.seconds.plainText) seconds"
            page.item(
                "\(bucket.requests) calls in \(seconds) for each account, \(bucket.burst) at once" + Self.words(bucket.scope))
        }
        for entry in concurrency {
            let calls = entry.limit == 1 ? "One call" : "\(entry.limit) calls"
            page.item("\(calls) at a time for each account" + Self.words(entry.scope))
        }
    }

    private static func words(_ scope: RateLimit.Scope) -> String {
        var text = ""
        if !scope.calls.isEmpty { text += ", of \(MarkdownPage.names(scope.calls)) together" }
        if !scope.authenticationMethods.isEmpty { text += ", connected by \(MarkdownPage.names(scope.authenticationMethods))" }
        return text
    }

    private func method(_ offer: ReferencePages.Offer, _ page: inout MarkdownPage) {
        let (plan, entry) = (offer.plan, offer.entry)
        var text = "**\(plan.method)**"
        if let description = plan.mapping.description { text += ": " + description }
        if !plan.unifiedMethod.requires.isEmpty { text += " Needs \(Requirement.text(plan.unifiedMethod.requires))." }
        if let filters = plan.filters {
            let narrowing = filters.provider.filter { !plan.mapping.sameForAny.contains($0) }
            if !narrowing.isEmpty { text += " The vendor narrows it by \(MarkdownPage.names(narrowing))." }
            if !plan.mapping.sameForAny.isEmpty { text += " It is the same for any \(MarkdownPage.names(plan.mapping.sameForAny))." }
            if !filters.gateway.isEmpty { text += " The gateway filters by \(MarkdownPage.names(filters.gateway.map(\.name)))." }
        }
        if plan.mapping.isPartial != nil { text += " Records may be thin: `get` has the rest." }
        if let upload = entry.upload {
            text += " Files go up as `\(upload)`, \(entry.maxFileSize.map { "up to " + ByteSize.text($0) } ?? "without a stated limit")"
            let types = entry.acceptedTypes ?? []
            if !types.isEmpty { text += ", of the types \(MarkdownPage.names(types))" }
            let refused = entry.refusedTypes ?? []
            text += refused.isEmpty ? "." : ", of any type but \(MarkdownPage.names(refused))."
        }
        if !entry.isDocumented { text += " *Inferred:* " + entry.reasons.joined(separator: " ") }
        page.item(text)
    }
}
