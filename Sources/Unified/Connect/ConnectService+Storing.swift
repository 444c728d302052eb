public import Accounts
public import Catalog
public import JSON
import Storage

extension ConnectService {
    /// Connects with what a person entered.
    ///
    /// - Throws: `ConnectFailure`; `AccountsError` where the database does not answer.
    public func connect(
        _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential, values: JSONObject
    ) async throws -> IntegratedAccount {
        var entered = try Self.checked(choice, method, values)
        if method.format == .oauth2ClientCredentials {
            let context = choice.context(entered, persisting: link.request.persistPreviousContext)
            let client = try Self.client(method, context, choice)
            entered["oauth"] = try await tokens(client, client.clientCredentialsRequest(), choice)
        }
        return try await store(link, choice, method, entered)
    }

    static func checked(
        _ choice: ConnectChoice, _ method: Credential, _ values: JSONObject
    ) throws(ConnectFailure) -> JSONObject {
        let form = CredentialsForm(choice.fields(of: method), values: values)
        guard form.faults.isEmpty else {
            throw ConnectFailure(.connectionError, "There is something to correct.", faults: form.faults)
        }
        return form.context
    }

    func store(
        _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential, _ values: JSONObject
    ) async throws -> IntegratedAccount {
        switch link.request.purpose {
        case .connect(let tenant): try await create(link, tenant, choice, method, values)
        case .reconnect: try await replace(link, choice, method, values)
        }
    }

    private func create(
        _ link: LinkToken, _ tenant: String, _ choice: ConnectChoice, _ method: Credential, _ values: JSONObject
    ) async throws -> IntegratedAccount {
        try await use(link)
        let account = try await accounts.integratedAccounts.create(
            NewIntegratedAccount(
                tenantID: tenant, installation: .id(choice.installation.id), authenticationMethod: method.name,
                context: Secret(choice.stored(values)), status: .connecting, region: link.request.region),
            environment: link.environmentID, secretPaths: choice.integration.secretPaths)
        do {
            return try await runActions(account.id, environment: link.environmentID)
        } catch let failure as ActionFailure {
            var refusal = ConnectFailure(failure, label: choice.integration.label)
            refusal.accountID = account.id
            // What was entered is stored, so trying again is connecting again.
            var request = link.request
            request.purpose = .reconnect(integratedAccountID: account.id)
            refusal.nextToken = try await accounts.linkTokens.create(request, environment: link.environmentID)
            throw refusal
        }
    }

    private func replace(
        _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential, _ values: JSONObject
    ) async throws -> IntegratedAccount {
        guard let id = choice.account?.account.id else { throw ConnectFailure.notOffered }
        let persisting = link.request.persistPreviousContext
        var stored = choice.stored(values)
        do {
            let context = choice.context(values, persisting: persisting)
            let added = try await actions.run(
                choice.integration,
                for: ActionRunner.Account(
                    environment: link.environmentID, id: id, context: context, openContext: choice.openContext(context),
                    authenticationMethod: method.name))
            for (name, value) in added { stored[name] = value }
        } catch {
            var refusal = ConnectFailure(error, label: choice.integration.label)
            refusal.accountID = id
            throw refusal
        }
        try await use(link)
        return try await accounts.integratedAccounts.reconnect(
            id, environment: link.environmentID, method: method.name, context: Secret(stored), persisting: persisting,
            result: Self.result(nil, at: now), secretPaths: choice.integration.secretPaths)
    }

    private func use(_ link: LinkToken) async throws {
        do { try await accounts.linkTokens.use(link) } catch {
            throw error.code == .unauthorized ? ConnectFailure.usedToken : error
        }
    }
}
