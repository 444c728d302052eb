package import Accounts
package import Catalog
package import JSON
import Storage

extension ConnectService {
    /// Connects with what a person entered.
    ///
    /// - Throws: `ConnectFailure`; `AccountsError` where the database does not respond.
    package func connect(
        _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential, values: JSONObject
    ) async throws -> ConnectedAccount {
        var entered = try Self.checked(choice.fields(of: method), values)
        if method.format == .oauth2ClientCredentials {
            let context = choice.context(entered, persisting: link.request.persistPreviousContext)
            let client = try Self.client(method, context, choice)
            entered["oauth"] = try await tokens(client, client.clientCredentialsRequest(), choice)
        }
        return try await store(link, choice, method, entered)
    }

    static func checked(
        _ fields: [Credential.Field], _ values: JSONObject
    ) throws(ConnectFailure) -> JSONObject {
        let form = CredentialsForm(fields, values: values)
        guard form.faults.isEmpty else {
            throw ConnectFailure(.connectionError, "There is something to correct.", faults: form.faults)
        }
        return form.context
    }

    func store(
        _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential, _ values: JSONObject
    ) async throws -> ConnectedAccount {
        switch link.request.purpose {
        case .connect(let tenant):
            return try await connected(try await create(link, tenant, choice, method, values), link, choice, method)
        case .reconnect:
            var values = values
            // What was chosen before goes on to count until another choice is made.
            for field in choice.choices(of: method) where values[field.name] == nil {
                values[field.name] = choice.account?.account.context[field.name]
            }
            let persisting = link.request.persistPreviousContext
            let account = try await replace(link, choice, method, values, persisting: persisting)
            return try await connected(account, link, choice, method)
        }
    }

    private func connected(
        _ account: IntegratedAccount, _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential
    ) async throws -> ConnectedAccount {
        guard !choice.choices(of: method).isEmpty else { return ConnectedAccount(account: account) }
        return ConnectedAccount(
            account: account, nextToken: try await nextToken(link, connectingAgain: account.id))
    }

    /// For another step with the account, since storing it has used the link up.
    private func nextToken(_ link: LinkToken, connectingAgain id: String) async throws -> Secret<String> {
        var request = link.request
        request.purpose = .reconnect(integratedAccountID: id)
        return try await accounts.linkTokens.create(request, environment: link.environmentID)
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
            refusal.nextToken = try await nextToken(link, connectingAgain: account.id)
            throw refusal
        }
    }

    /// Stores other credentials with an account, once they are proved.
    ///
    /// - Parameter persisting: whether the context before stays where `values` say nothing.
    func replace(
        _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential, _ values: JSONObject, persisting: Bool
    ) async throws -> IntegratedAccount {
        guard let id = choice.account?.account.id else { throw ConnectFailure.notOffered }
        let status: AccountStatus
        var stored = choice.stored(values)
        do {
            let context = choice.context(values, persisting: persisting)
            let added = try await actions.run(
                choice.integration,
                for: ActionRunner.Account(
                    environment: link.environmentID, id: id, context: context, openContext: choice.openContext(context),
                    authenticationMethod: method.name))
            for (name, value) in added { stored[name] = value }
            status = choice.integration.status(of: context, adding: added, method: method.name)
        } catch {
            var refusal = ConnectFailure(error, label: choice.integration.label)
            refusal.accountID = id
            throw refusal
        }
        try await use(link)
        return try await accounts.integratedAccounts.reconnect(
            id, environment: link.environmentID, method: method.name, context: Secret(stored), persisting: persisting,
            status: status, result: Self.result(nil, at: now), secretPaths: choice.integration.secretPaths)
    }

    private func use(_ link: LinkToken) async throws {
        do { try await accounts.linkTokens.use(link) } catch {
            throw error.code == .unauthorized ? ConnectFailure.usedToken : error
        }
    }
}
