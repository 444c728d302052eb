package import Accounts
package import Catalog
import JSON

/// An integration that a link may connect, as its environment has it.
package struct ConnectChoice: Sendable {
    /// With the environment's overrides, and the account's where one is connected again.
    package var integration: Integration
    package var installation: EnvironmentIntegration
    /// The account that is connected again.
    package var account: ResolvedAccount?
    /// `environment_variables` and what else of the environment definitions read as context.
    var variables: JSONObject
    /// What the link itself puts into the context; the person is not asked for it.
    var given: JSONObject

    /// The ways of connecting that work here, in the order of the definition.
    package var methods: [Credential] {
        integration.credentials.filter { credential in
            switch credential.format {
            case .apiKey, .oauth2ClientCredentials: true
            case .oauth1: false
            // An application that nobody has registered cannot send people to the vendor.
            case .oauth2: hasClient(credential)
            }
        }
    }

    /// What the person is asked for first.
    package func fields(of method: Credential) -> [Credential.Field] {
        method.fields.filter { given[$0.name] == nil && $0.optionsFrom == nil }
    }

    /// What the person chooses once the credentials are proved, since only they can list it.
    package func choices(of method: Credential) -> [Credential.Field] {
        method.fields.filter { given[$0.name] == nil && $0.optionsFrom != nil }
    }

    /// What is known of a field's value already: of the account, else the definition's default. Never a secret.
    package func initialValue(of field: Credential.Field) -> String? {
        guard !field.isSecret else { return nil }
        return account?.account.context[field.name]?.string ?? field.default?.string
    }

    /// The whole context of an account with these values, the environment's variables beside.
    func context(_ values: JSONObject, persisting: Bool) -> JSONObject {
        var context = persisting ? account?.context.exposed() ?? [:] : [:]
        for (name, value) in stored(values) { context[name] = value.isNull ? nil : value }
        for (name, value) in variables { context[name] = value }
        return context
    }

    /// What of such a context is not secret.
    func openContext(_ context: JSONObject) -> JSONObject {
        SecretPaths.context.union(integration.secretPaths).union(EnvironmentVariables.secretPaths).openPart(of: context)
    }

    /// The part of it that is kept with the account.
    func stored(_ values: JSONObject) -> JSONObject {
        var stored = values
        for (name, value) in given { stored[name] = value }
        return stored
    }

    private func hasClient(_ credential: Credential) -> Bool {
        guard let oauth = credential.oauth2, oauth.authorizeURL != nil, let id = oauth.clientID else { return false }
        let context = context([:], persisting: false)
        let scope = TemplateContext(
            roots: ["context": .object(context)], context: context, openContext: openContext(context))
        let text = try? id.text(in: scope)
        return text?.isEmpty == false
    }
}
