import Catalog
import HTTPTypes
import JSON
import NIOCore
import Synchronization

/// `/openapi.json` and `/docs`: open to anyone, since nothing about a customer is in them.
struct DocumentationRoutes: Sendable {
    let source: DocumentationSource

    init(catalog: Catalog, documenting routes: [Route]) {
        source = DocumentationSource(
            OpenAPIDocument(catalog: catalog, routes: routes, version: AttacheVersion.current))
    }

    var routes: [Route] {
        [
            Route(.get, "/openapi.json", .anyone) { [source] call, _ in
                try await call.outlet.send(.json(try source.document()))
            },
            page("/docs") { [source] in DocumentationPage(document: try source.document()).html() },
            page("/docs/errors") { ErrorsPage.html() },
            page("/docs/style.css", type: "text/css; charset=utf-8") { DocumentationStyle.css },
        ]
    }

    private func page(
        _ path: String, type: String = "text/html; charset=utf-8", _ make: @escaping @Sendable () throws -> String
    ) -> Route {
        Route(.get, path, .anyone) { call, _ in
            var reply = Reply(status: .ok, body: ByteBuffer(string: try make()))
            reply.headers[.contentType] = type
            reply.headers[.contentSecurityPolicy] = Self.policy
            reply.headers[.xContentTypeOptions] = "nosniff"
            try await call.outlet.send(reply)
        }
    }

    /// Nothing but our own style sheet: no script, no frame, no form, nothing from elsewhere.
    private static let policy =
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

/// The document, made at its first use: it costs parsing every definition.
final class DocumentationSource: Sendable {
    private let description: OpenAPIDocument
    private let made = Mutex<JSONValue?>(nil)

    init(_ description: OpenAPIDocument) { self.description = description }

    func document() throws(CatalogError) -> JSONValue {
        if let known = made.withLock({ $0 }) { return known }
        let fresh = try description.json()
        made.withLock { $0 = fresh }
        return fresh
    }
}
