import Catalog
import HTTPTypes
import JSON
import Unified

/// `/integration` and `/unified-model`: what the definitions offer, the same for every environment.
struct CatalogRoutes: Sendable {
    let services: Services

    private var presenter: PlatformJSON { PlatformJSON(services: services) }

    var routes: [Route] {
        [
            Route(.get, "/integration", .apiToken, "listIntegrations") { call, _ in
                try await list(call, services.catalog.integrationNames) { presenter.integration($0) }
            },
            Route(.get, "/integration/{id}", .apiToken, "getIntegration") { call, _ in
                try await get(call, "integration", presenter.integration(call.pathID))
            },
            Route(.get, "/unified-model", .apiToken, "listUnifiedModels") { call, _ in
                try await list(call, services.catalog.modelNames) { presenter.unifiedModel($0) }
            },
            Route(.get, "/unified-model/{id}", .apiToken, "getUnifiedModel") { call, _ in
                try await get(call, "unified model", presenter.unifiedModel(call.pathID))
            },
        ]
    }

    /// The catalog is small and in memory: a page is all of it, filtered by `name` and `category`.
    private func list(_ call: Call, _ names: [String], _ present: (String) -> JSONValue?) async throws {
        let query = try call.query()
        let items = names.compactMap(present).filter { item in
            ["name", "category"].allSatisfy { field in
                guard let wanted = query[field], wanted != "" else { return true }
                return item[field] == wanted
            }
        }
        try await call.responseWriter.send(.json(.list(items, nil, 5000)))
    }

    private func get(_ call: Call, _ kind: String, _ item: JSONValue?) async throws {
        guard let item else { throw APIError(.notFound, "There is no \(kind) \(call.pathID)") }
        try await call.responseWriter.send(.json(item))
    }
}
