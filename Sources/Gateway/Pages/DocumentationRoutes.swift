import Catalog
import HTTPTypes
import JSON
import NIOCore

/// `/`, `/docs` and `/openapi.json`: open to anyone, since nothing about a customer is in them.
struct DocumentationRoutes: Sendable {
    private let pages: LazyValue<DocumentationPages>

    init(catalog: Catalog, documenting routes: [Route], isDevelopment: Bool) {
        let description = OpenAPIDocument(catalog: catalog, routes: routes, version: AttacheVersion.current)
        pages = LazyValue { try DocumentationPages(description, isDevelopment: isDevelopment) }
    }

    var routes: [Route] {
        [
            page("/") { pages, _ in pages.start },
            page("/openapi.json") { pages, _ in pages.document },
            page("/docs") { pages, _ in pages.reference },
            page("/docs/errors") { pages, _ in pages.errors },
            page("/docs/style.css") { pages, _ in pages.style },
            page("/docs/{name}", Self.guide), page("/docs/{folder}/{name}", Self.guide),
            page("/docs/{folder}/{section}/{name}", Self.guide),
        ]
    }

    private static func guide(_ pages: DocumentationPages, _ call: Call) -> StaticPage? {
        pages.guides[["folder", "section", "name"].compactMap { call.parameters[$0] }.joined(separator: "/")]
    }

    private func page(
        _ path: String, _ choose: @escaping @Sendable (DocumentationPages, Call) -> StaticPage?
    ) -> Route {
        Route(.get, path, .anyone) { call, _ in
            guard let page = choose(try await pages.value(), call) else {
                throw RouteTable.nothing(at: call.path)
            }
            try await call.responseWriter.send(page.reply(ifNoneMatch: call.headers[.ifNoneMatch]))
        }
    }
}

/// Every page of the documentation. They depend on the program and its catalog alone, so they are made once.
struct DocumentationPages: Sendable {
    let start: StaticPage
    let document: StaticPage
    let reference: StaticPage
    let errors: StaticPage
    let style: StaticPage
    /// By the path below `/docs`.
    let guides: [String: StaticPage]

    init(_ description: OpenAPIDocument, isDevelopment: Bool) throws {
        let json = try description.json()
        start = .html(StartPage.html(isDevelopment: isDevelopment))
        document = StaticPage(type: "application/json", body: json.bytes())
        reference = .html(DocumentationPage(document: json).html())
        errors = .html(ErrorsPage.html())
        style = StaticPage(type: "text/css; charset=utf-8", body: Array(DocumentationStyle.css.utf8))
        guides = Dictionary(
            uniqueKeysWithValues: Guide.all.map { ($0.name, .html($0.html())) })
    }
}
