import Accounts
import Catalog
import HTTPTypes
import JSON
import Storage
import Unified

/// `/integrated-account`: the connections of an environment's customers.
struct AccountRoutes: Sendable {
    let services: Services

    private var accounts: IntegratedAccountService { services.accounts.integratedAccounts }
    private var presenter: PlatformJSON { PlatformJSON(services: services) }

    var routes: [Route] {
        let collection = "/integrated-account"
        let item = collection + "/{id}"
        return [
            Route(.get, collection, .apiToken, "listIntegratedAccounts") { try await list($0, $1) },
            Route(.post, collection, .apiToken, "createIntegratedAccount") { try await create($0, $1) },
            Route(.post, collection + "/bulk-delete", .apiToken, "deleteIntegratedAccounts") {
                try await deleteSelected($0, $1)
            },
            Route(.get, item, .apiToken, "getIntegratedAccount") { try await get($0, $1) },
            Route(.patch, item, .apiToken, "updateIntegratedAccount") { try await update($0, $1) },
            Route(.delete, item, .apiToken, "deleteIntegratedAccount") { try await delete($0, $1) },
        ]
    }

    private func list(_ call: Call, _ caller: Caller) async throws {
        let query = try ListQuery<AccountField>(try call.query(), names: ["integration.name": .integration])
        let page = try await accounts.list(query, environment: try caller.environment())
        var items: [JSONValue] = []
        for account in page.result { items.append(try await presenter.json(account)) }
        try await call.responseWriter.send(.json(.list(items, page.nextCursor, page.limit)))
    }

    private func create(_ call: Call, _ caller: Caller) async throws {
        let environment = try caller.environment()
        var new = try NewIntegratedAccount(json: try await call.jsonBody())
        let definition = try await definition(new.installation, environment)
        let method = try definition.method(named: new.authenticationMethod)
        new.authenticationMethod = method.name
        try Self.require(method.missingEntries(in: new.context.exposed()), of: definition)
        new.status = definition.status(of: new.context.exposed(), method: method.name)
        try await check(
            new.integrationOverride.exposed(), new.unifiedModelOverride, of: definition.name, environment)
        let account = try await accounts.create(
            new, environment: environment, secretPaths: definition.secretPaths)
        try await call.responseWriter.send(.json(try await presenter.json(account)))
    }

    private func get(_ call: Call, _ caller: Caller) async throws {
        let account = try await accounts.get(call.pathID, environment: try caller.environment())
        try await call.responseWriter.send(.json(try await presenter.json(account)))
    }

    private func update(_ call: Call, _ caller: Caller) async throws {
        let environment = try caller.environment()
        var patch = try IntegratedAccountPatch(json: try await call.jsonBody())
        let current = try await accounts.get(call.pathID, environment: environment)
        let definition = try services.catalog.integration(current.integration)
        if let name = patch.authenticationMethod { patch.authenticationMethod = try definition.method(named: name).name }
        let methodName = patch.authenticationMethod ?? current.authenticationMethod
        if let method = definition.credential(methodName) {
            try Self.require(method.fieldsRemoved(by: patch.context?.exposed() ?? [:]), of: definition)
        }
        try await check(
            patch.integrationOverride?.exposed(), patch.unifiedModelOverride, of: definition.name, environment)
        let account = try await accounts.update(
            current.id, environment: environment, patch, secretPaths: definition.secretPaths,
            isComplete: definition.isComplete(methodName))
        try await call.responseWriter.send(.json(try await presenter.json(account)))
    }

    /// An account without a credential that every call needs would be active, and of no use.
    private static func require(_ fields: [Credential.Field], of definition: Integration) throws {
        guard let field = fields.first else { return }
        let param = "context.\(field.name)"
        throw APIError(
            .missingBodyFields, "\(param) is required: \(definition.label) needs its \(field.label)", param: param,
            hint: "Give it, or let the customer enter it on the connect page (POST /link-token)")
    }

    private func delete(_ call: Call, _ caller: Caller) async throws {
        try await accounts.delete(call.pathID, environment: try caller.environment())
        try await call.responseWriter.send(.json(["id": .string(call.pathID)]))
    }

    private func check(
        _ override: JSONObject?, _ mappings: JSONObject?, of name: String, _ environment: String
    ) async throws {
        let rules = OverrideGuard(catalog: services.catalog, environment: environment)
        if let override, !override.isEmpty {
            let installed = try await services.accounts.environmentIntegrations.find(name, environment: environment)
            try await rules.check(
                integration: override, of: name, over: installed?.override ?? [:], param: "integration_override")
        }
        var models: [String: JSONObject] = [:]
        for model in mappings?.keys ?? [] {
            let installed = try await services.accounts.environmentUnifiedModels.resolve(model, environment: environment)
            models[model] = installed?.override
        }
        try await rules.check(mappings: mappings, of: name, models: models, param: "unified_model_override")
    }

    /// The definition of an installation; an integration that the catalog lacks cannot be connected.
    private func definition(
        _ installation: NewIntegratedAccount.Installation, _ environment: String
    ) async throws -> Integration {
        var name: String
        switch installation {
        case .integration(let given): name = given
        case .id(let id):
            do {
                name = try await services.accounts.environmentIntegrations.get(id, environment: environment).integration
            } catch {
                guard error.code == .notFound else { throw error }
                throw APIError(
                    .invalidBody, "There is no such environment integration", param: "environment_integration_id")
            }
        }
        do {
            return try services.catalog.integration(name)
        } catch {
            guard error.code == .unknownIntegration else { throw error }
            throw APIError(.invalidBody, "The catalog has \(error.message)", param: "integration")
        }
    }

    /// `POST /integrated-account/bulk-delete`.
    func deleteSelected(_ call: Call, _ caller: Caller) async throws {
        let selection = try AccountSelection(json: try await call.jsonBody())
        try await services.accounts.integratedAccounts.delete(selection, environment: try caller.environment())
        try await call.responseWriter.send(.json(["success": true]))
    }
}

extension Integration {
    /// How an account signs in; it has to be said where the integration knows several ways.
    func method(named name: String?) throws(APIError) -> Credential {
        let names = credentials.map(\.name)
        let wanted = name.flatMap { $0.isEmpty ? nil : $0 } ?? (names.count == 1 ? names[0] : nil)
        if let method = wanted.flatMap({ credential($0) }) { return method }
        throw APIError(
            .invalidBody, wanted.map { "\(self.name) has no authentication method '\($0)'" } ?? "authentication_method is required",
            param: "authentication_method", hint: "\(label) has \(names.joined(separator: " and "))")
    }
}

extension Call {
    /// The `{id}` of the path.
    var pathID: String { parameters["id"] ?? "" }
}
