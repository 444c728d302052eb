import HTTPTypes
import JSON
import Storage

/// The platform's routes as operations: those of the table that have a name here and there.
struct PlatformSection: Sendable {
    let routes: [Route]

    var operations: [OpenAPIOperation] {
        routes.compactMap { route in
            guard let id = route.operation, let page = PlatformPages.all[id] else { return nil }
            return OpenAPIOperation(
                path: route.path, method: route.method.rawValue, id: id, tag: page.tag, summary: page.summary,
                description: page.description, parameters: page.parameters,
                requestBody: page.body.map { ["required": true, "content": ["application/json": ["schema": $0]]] },
                success: ["application/json": ["schema": page.response]], successDescription: page.responseDescription,
                errors: errors(route, page), isOpen: route.access == .anyone
            )
        }
    }

    /// Names of routes that the table offers and nothing here describes; empty, or a test fails.
    var undescribed: [String] { routes.compactMap(\.operation).filter { PlatformPages.all[$0] == nil } }

    private func errors(_ route: Route, _ page: PlatformPages.Page) -> [OpenAPIResponses.Name] {
        guard route.access != .anyone else { return [.badRequest, .internalError, .unavailable] }
        var names = OpenAPIResponses.ofEveryCall
        if route.pattern.contains(where: { $0.hasPrefix("{") }) || route.access == .accountToken { names.append(.notFound) }
        if route.method == .post || route.method == .patch || route.method == .delete {
            names += [.conflict, .tooLarge, .notFound]
        }
        names += page.errors
        var seen: Set<OpenAPIResponses.Name> = []
        return names.filter { seen.insert($0).inserted }
    }
}
