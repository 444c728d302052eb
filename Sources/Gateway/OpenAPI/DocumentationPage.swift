import JSON

/// `/docs`: the OpenAPI document as one page that needs no script and nothing from elsewhere.
struct DocumentationPage: Sendable {
    let document: JSONValue

    func html() -> String {
        let operations = self.operations
        return Self.layout(title: document[path: ["info", "title"]]?.string ?? "") { page in
            page.add("header") { page in
                page.add("h1", document[path: ["info", "title"]]?.string ?? "")
                page.add("p", [("class", "lead")], document[path: ["info", "summary"]]?.string ?? "")
                for line in (document[path: ["info", "description"]]?.string ?? "").split(separator: "\n") {
                    page.add("p", String(line))
                }
                page.add("p") { page in
                    page.add("a", [("href", "/docs/errors")], "Errors")
                    page.add(text: " · ")
                    page.add("a", [("href", "/openapi.json")], "OpenAPI 3.1")
                    for guide in Guide.listed {
                        page.add(text: " · ")
                        page.add("a", [("href", "/docs/\(guide.name)")], guide.title)
                    }
                }
            }
            page.add("nav", [("aria-label", "Sections")]) { page in
                page.add("ul") { page in
                    for tag in tags {
                        page.add("li") { $0.add("a", [("href", "#\(Self.anchor(tag.name))")], tag.name) }
                    }
                }
            }
            page.add("main", [("id", "content")]) { page in
                for tag in tags {
                    page.add("section", [("aria-labelledby", Self.anchor(tag.name))]) { page in
                        page.add("h2", [("id", Self.anchor(tag.name))], tag.name)
                        if let text = tag.description { page.add("p", text) }
                        for operation in operations where operation.tag == tag.name { operation.write(to: &page) }
                    }
                }
            }
        }
    }

    private var tags: [(name: String, description: String?)] {
        document["tags"]?.array?.map { ($0["name"]?.string ?? "", $0["description"]?.string) } ?? []
    }

    private var operations: [DocumentedOperation] {
        var found: [DocumentedOperation] = []
        for (path, item) in document["paths"]?.object ?? [:] {
            for (method, operation) in item.object ?? [:] {
                found.append(
                    DocumentedOperation(path: path, method: method, operation: operation, document: document))
            }
        }
        return found
    }

    /// A name as the target of a link.
    static func anchor(_ name: String) -> String {
        String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
    }

    static func layout(title: String, _ body: (inout HTML) -> Void) -> String {
        var page = HTML()
        body(&page)
        return HTML.page(
            title: title, head: "<link rel=\"stylesheet\" href=\"/docs/style.css\">",
            body: "<a class=\"skip\" href=\"#content\">Skip to the content</a>\n" + page.text)
    }
}
