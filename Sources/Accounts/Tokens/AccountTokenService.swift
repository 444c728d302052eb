import JSON
package import Storage

/// Tokens that stand for one integrated account, for 15 minutes, so that a browser may be given one.
///
/// They are not stored: a token is an envelope of the vault, which every node with the same keys opens. What it may do
/// is for the gateway to limit; an account that is deleted meanwhile is not found.
package struct AccountTokenService: Sendable {
    package static let lifetimeSeconds: Int64 = 15 * 60
    private static let prefix = "attacc_"
    private static let place = EncryptionContext(environmentID: "", ownerID: "", field: "integrated account token")

    /// Whom a token stands for.
    package struct Holder: Sendable, Hashable {
        package var integratedAccountID: String
        package var environmentID: String
        package var expiresAt: Timestamp
    }

    private let accounts: IntegratedAccountService
    private let vault: Vault
    private let effects: Effects

    package init(accounts: IntegratedAccountService, vault: Vault, effects: Effects = .live) {
        self.accounts = accounts
        self.vault = vault
        self.effects = effects
    }

    /// - Throws: `.notFound` for an unknown account.
    package func create(_ id: String, environment: String) async throws(AccountsError) -> Secret<String> {
        let account = try await accounts.get(id, environment: environment)
        let end = effects.now().adding(seconds: Self.lifetimeSeconds)
        let claims: JSONObject = [
            "account": .string(account.id), "environment": .string(environment), "end": .string(end.text),
        ]
        do {
            return Secret(Self.prefix + (try vault.seal(JSONValue.object(claims).bytes(), for: Self.place).envelope))
        } catch {
            throw .vault(error)
        }
    }

    /// Whether a text has the form of such a token, as opposed to an API token.
    package static func isOne(_ text: String) -> Bool { text.hasPrefix(prefix) }

    /// - Throws: `.unauthorized`, the same for forged and ended ones.
    package func authenticate(_ presented: String) throws(AccountsError) -> Holder {
        guard Self.isOne(presented),
            let bytes = try? vault.open(String(presented.dropFirst(Self.prefix.count)), for: Self.place),
            let claims = try? JSONValue.parse(bytes), let account = claims["account"]?.string,
            let environment = claims["environment"]?.string, let end = claims["end"]?.string.flatMap(Timestamp.init),
            effects.now() < end
        else { throw .unauthorized }
        return Holder(integratedAccountID: account, environmentID: environment, expiresAt: end)
    }
}
