import Accounts
import Catalog
import HTTPTypes
import JSON
import Storage
import Unified

/// `/environment-integration` and `/environment-unified-model`: what an environment installs and overrides.
struct InstallationRoutes: Sendable {
    let services: Services

    private var integrations: EnvironmentIntegrationService { services.accounts.environmentIntegrations }
    private var models: EnvironmentUnifiedModelService { services.accounts.environmentUnifiedModels }
    private var presenter: PlatformJSON { PlatformJSON(services: services) }
    private func overrides(of caller: Caller) throws -> OverrideGuard {
        OverrideGuard(catalog: services.catalog, environment: try caller.environment())
    }

    var routes: [Route] {
        let integration = "/environment-integration"
        let model = "/environment-unified-model"
        return [
            Route(.get, integration, .apiToken, "listEnvironmentIntegrations") { call, caller in
                let query = try ListQuery<EnvironmentIntegrationField>(
                    try call.query(), names: ["integration.name": .integration, "integration_id": .integration])
                let page = try await integrations.list(query, environment: try caller.environment())
                try await call.responseWriter.send(.json(.list(page.result.map(presenter.json), page.nextCursor, page.limit)))
            },
            Route(.post, integration, .apiToken, "installIntegration") { try await installIntegration($0, $1) },
            Route(.get, integration + "/{id}", .apiToken, "getEnvironmentIntegration") { call, caller in
                let found = try await integrations.get(call.pathID, environment: try caller.environment())
                try await call.responseWriter.send(.json(presenter.json(found)))
            },
            Route(.patch, integration + "/{id}", .apiToken, "updateEnvironmentIntegration") { call, caller in
                let body = try await call.jsonBody()
                let patch = EnvironmentIntegrationPatch(
                    isEnabled: body["is_enabled"]?.bool, showInCatalog: body["show_in_catalog"]?.bool,
                    override: body["override"], version: body["version"]?.int.map(Int64.init))
                if let override = body["override"]?.object {
                    let current = try await integrations.get(call.pathID, environment: try caller.environment())
                    try await overrides(of: caller).check(integration: override, of: current.integration, param: "override")
                }
                let found = try await integrations.update(call.pathID, environment: try caller.environment(), patch)
                try await call.responseWriter.send(.json(presenter.json(found)))
            },
            Route(.delete, integration + "/{id}", .apiToken, "uninstallIntegration") { call, caller in
                try await integrations.uninstall(call.pathID, environment: try caller.environment())
                try await call.responseWriter.send(.json(["id": .string(call.pathID)]))
            },
            Route(.get, model, .apiToken, "listEnvironmentUnifiedModels") { call, caller in
                let query = try ListQuery<EnvironmentUnifiedModelField>(
                    try call.query(), names: ["unified_model.name": .model, "unified_model_id": .model])
                let page = try await models.list(query, environment: try caller.environment())
                try await call.responseWriter.send(.json(.list(page.result.map(presenter.json), page.nextCursor, page.limit)))
            },
            Route(.post, model, .apiToken, "installUnifiedModel") { try await installModel($0, $1) },
            Route(.get, model + "/{id}", .apiToken, "getEnvironmentUnifiedModel") { call, caller in
                let found = try await models.get(call.pathID, environment: try caller.environment())
                try await call.responseWriter.send(.json(presenter.json(found)))
            },
            Route(.patch, model + "/{id}", .apiToken, "updateEnvironmentUnifiedModel") { call, caller in
                let body = try await call.jsonBody()
                let current = try await models.get(call.pathID, environment: try caller.environment())
                try await overrides(of: caller).check(model: body["override"]?.object ?? [:], of: current.model, param: "override")
                let found = try await models.update(
                    call.pathID, environment: try caller.environment(), override: body["override"]?.object ?? [:],
                    version: body["version"]?.int.map(Int64.init))
                try await call.responseWriter.send(.json(presenter.json(found)))
            },
            Route(.delete, model + "/{id}", .apiToken, "uninstallUnifiedModel") { call, caller in
                try await models.uninstall(call.pathID, environment: try caller.environment())
                try await call.responseWriter.send(.json(["id": .string(call.pathID)]))
            },
        ]
    }

    private func installIntegration(_ call: Call, _ caller: Caller) async throws {
        let body = try await call.jsonBody()
        let name = try Self.name(body, "integration_id", known: services.catalog.integrationNames)
        try await overrides(of: caller).check(integration: body["override"]?.object, of: name, param: "override")
        let installed = try await integrations.install(
            name, environment: try caller.environment(), isEnabled: body["is_enabled"]?.bool ?? true,
            showInCatalog: body["show_in_catalog"]?.bool ?? true, override: body["override"]?.object ?? [:])
        try await call.responseWriter.send(.json(presenter.json(installed)))
    }

    private func installModel(_ call: Call, _ caller: Caller) async throws {
        let body = try await call.jsonBody()
        let name = try Self.name(body, "unified_model_id", known: services.catalog.modelNames)
        try await overrides(of: caller).check(model: body["override"]?.object ?? [:], of: name, param: "override")
        let installed = try await models.install(
            name, environment: try caller.environment(), override: body["override"]?.object ?? [:])
        try await call.responseWriter.send(.json(presenter.json(installed)))
    }

    /// Definitions have no ids besides their names.
    private static func name(_ body: JSONObject, _ member: String, known: [String]) throws(APIError) -> String {
        guard let name = body[member]?.string, !name.isEmpty else {
            throw APIError(.missingBodyFields, "\(member) is required", param: member)
        }
        guard known.contains(name) else {
            let nearest = DidYouMean.nearest(name, among: known).map { "Did you mean \($0)?" }
            throw APIError(.invalidBody, "The catalog has no \(name)", param: member, hint: nearest)
        }
        return name
    }
}
