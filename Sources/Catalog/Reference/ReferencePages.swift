/// The pages of `docs/ats`, made from the definitions: one of each resource of the model, one of each integration, and an
/// index of both.
package struct ReferencePages: Sendable {
    /// The path below the folder, and the text, by path.
    package let pages: [(path: String, text: String)]

    /// - Throws: `unknownModel`, `invalidDefinition`.
    package init(_ catalog: Catalog, model name: String = "ats") throws(CatalogError) {
        let model = try catalog.model(name)
        var offers: [Offer] = []
        for integration in catalog.integrationNames {
            let mapped = try catalog.mappedMethods(model: name, integration: integration)
            for resource in model.resourceNames {
                for method in model.resources[resource]?.methodNames ?? [] where mapped[resource]?.contains(method) == true {
                    let plan = try catalog.plan(model: name, resource: resource, method: method, integration: integration)
                    offers.append(Offer(plan: plan, entry: Coverage.Entry(plan)))
                }
            }
        }
        var pages = [(path: "README.md", text: Self.index(model, offers))]
        for resource in model.resourceNames.sorted() {
            guard let definition = model.resources[resource] else { continue }
            let own = offers.filter { $0.plan.resource == resource }
            pages.append(("resources/\(resource).md", ResourcePage(definition, of: name, own).text))
        }
        for (integration, own) in Self.byIntegration(offers) {
            pages.append(("vendors/\(integration.name).md", VendorPage(integration, own).text))
        }
        self.pages = pages
    }

    /// One method of one integration.
    struct Offer: Sendable {
        let plan: MethodPlan
        let entry: Coverage.Entry
    }

    private static func byIntegration(_ offers: [Offer]) -> [(Integration, [Offer])] {
        var found: [(Integration, [Offer])] = []
        for offer in offers {
            if found.last?.0.name == offer.plan.integration.name {
                found[found.count - 1].1.append(offer)
            } else {
                found.append((offer.plan.integration, [offer]))
            }
        }
        return found
    }

    private static func index(_ model: UnifiedModel, _ offers: [Offer]) -> String {
        var page = MarkdownPage(model.label + ": resources and vendors")
        page.paragraph("What can be called, and what each vendor makes of it. \(MarkdownPage.origin)")
        page.heading("Resources")
        for resource in model.resourceNames.sorted() {
            let vendors = Set(offers.filter { $0.plan.resource == resource }.map(\.plan.integration.name)).count
            page.item("[\(resource)](resources/\(resource).md): \(model.resources[resource]?.description ?? "") \(vendors) vendors.")
        }
        page.heading("Vendors")
        for (integration, own) in byIntegration(offers) {
            let resources = Set(own.map(\.plan.resource)).count
            let word = resources == 1 ? "1 resource" : "\(resources) resources"
            page.item("[\(integration.label)](vendors/\(integration.name).md): \(word)")
        }
        return page.text
    }
}
