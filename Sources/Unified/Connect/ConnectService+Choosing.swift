package import Accounts
package import Catalog
package import JSON

extension ConnectService {
    /// What the vendor lists for the fields that are chosen, by field. One that cannot be had is absent: the person
    /// enters its value then.
    package func options(_ link: LinkToken, _ choice: ConnectChoice, _ method: Credential) async -> [String: OptionChoices] {
        guard let account = choice.account else { return [:] }
        let context = choice.context([:], persisting: true)
        let caller = ActionRunner.Account(
            environment: link.environmentID, id: account.account.id, context: context,
            openContext: choice.openContext(context), authenticationMethod: method.name)
        var found: [String: OptionChoices] = [:]
        for field in choice.choices(of: method) {
            guard let list = field.optionsFrom else { continue }
            let options = try? await actions.options(list, of: choice.integration, for: caller)
            if let options, !options.options.isEmpty { found[field.name] = options }
        }
        return found
    }

    /// Stores what a person has chosen with an account whose credentials work.
    ///
    /// - Throws: as `connect`.
    package func choose(
        _ link: LinkToken, _ choice: ConnectChoice, _ method: Credential, values: JSONObject
    ) async throws -> IntegratedAccount {
        let fields = choice.choices(of: method)
        var chosen = try Self.checked(fields, values)
        for field in fields where chosen[field.name] == nil { chosen[field.name] = .null }
        if method.format == .oauth2ClientCredentials {
            // The token may be that of the user who is chosen here.
            let context = choice.context(chosen, persisting: true)
            let client = try Self.client(method, context, choice)
            chosen["oauth"] = try await tokens(client, client.clientCredentialsRequest(), choice)
        }
        return try await replace(link, choice, method, chosen, persisting: true)
    }
}

extension ConnectChoice {
    /// How the account that is connected again signs in, where it works and there is something to choose.
    package var choosingMethod: Credential? {
        guard let account = account?.account, [.active, .incomplete].contains(account.status),
            let method = methods.first(where: { $0.name == account.authenticationMethod }), !choices(of: method).isEmpty
        else { return nil }
        return method
    }
}
