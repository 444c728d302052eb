import Accounts
import Catalog
import JSON
import Sandbox
import Storage

/// What `attache dev` prepares: an environment, a token and an account per sandbox.
struct DevWorkspace: Sendable {
    struct Connection: Sendable {
        var account: String
        var integration: String
        var sandbox: String
        /// How another account is connected.
        var credentials: String
    }

    let environment: String
    let token: Secret<String>
    let connections: [Connection]
    /// The account that a call is printed for, and the call.
    private let shown: (account: String, example: DevExample)?

    /// Finds what an earlier run has left in the same folder, makes the rest. The token is always new: stored ones
    /// cannot be shown again.
    ///
    /// - Parameter isUnlimited: whether the accounts' calls are kept below no limits.
    init(
        _ accounts: AccountServices, catalog: Catalog, sandboxes: [SandboxServer], isUnlimited: Bool
    ) async throws {
        let name = "development"
        let query = ListQuery<EnvironmentField>(filters: [Filter(.name, .eq, [name])])
        if let known = try await accounts.environments.list(query).result.first {
            environment = known.id
        } else {
            environment = try await accounts.environments.create(name: name).id
        }
        token = try await accounts.tokens.create(name: name, environment: environment).secret
        let usual =
            sandboxes.first(where: \.isShowcase) ?? sandboxes.first { $0.target("candidate") != nil } ?? sandboxes.first
        var connections: [Connection] = []
        var shown: (account: String, example: DevExample)?
        for sandbox in sandboxes {
            guard var first = sandbox.accounts(try catalog.integrationDocument(sandbox.vendor)).first else { continue }
            try await Self.install(first, accounts.environmentIntegrations, environment)
            if isUnlimited { first.override["rate_limit"] = ["limits": []] }
            let account = try await Self.account(first, accounts, environment)
            connections.append(
                Connection(
                    account: account, integration: sandbox.vendor, sandbox: sandbox.baseURL,
                    credentials: Self.credentials(first)))
            if sandbox.vendor == usual?.vendor { shown = (account, try DevExample(sandbox, first, catalog)) }
        }
        self.connections = connections
        self.shown = shown
    }

    /// The pretend credentials, for whoever connects another account by hand.
    private static func credentials(_ account: SandboxAccount) -> String {
        let fields = account.context.elements.filter { $0.key != "oauth" }
            .map { "\($0.key)=\($0.value.string ?? $0.value.text())" }.joined(separator: ", ")
        guard account.context["oauth"] != nil else { return "which takes \(fields)" }
        return "connected by OAuth" + (fields.isEmpty ? "" : ", with \(fields)")
    }

    /// Turns the integration to where the sandbox listens this time, for accounts that are connected later.
    private static func install(
        _ account: SandboxAccount, _ integrations: EnvironmentIntegrationService, _ environment: String
    ) async throws {
        let installed = try await integrations.findOrInstall(account.integration, environment: environment)
        let patch = EnvironmentIntegrationPatch(override: .object(account.override))
        _ = try await integrations.update(installed.id, environment: environment, patch)
    }

    /// An account of the vendor, its calls turned to where the sandbox listens this time.
    private static func account(
        _ account: SandboxAccount, _ accounts: AccountServices, _ environment: String
    ) async throws -> String {
        let service = accounts.integratedAccounts
        let query = ListQuery<AccountField>(filters: [Filter(.integration, .eq, [account.integration])])
        if let known = try await service.list(query, environment: environment).result.first {
            // Tokens of an earlier run are good for nothing.
            let context: JSONObject? = account.context["oauth"].map { ["oauth": $0] }
            let patch = IntegratedAccountPatch(
                context: context.map { Secret($0) }, integrationOverride: Secret(account.override))
            return try await service.update(known.id, environment: environment, patch).id
        }
        let new = NewIntegratedAccount(
            tenantID: "development", installation: .integration(account.integration),
            authenticationMethod: account.authenticationMethod, context: Secret(account.context),
            integrationOverride: Secret(account.override)
        )
        return try await service.create(new, environment: environment).id
    }

    /// The content of `--ready-file`.
    func ready(port: Int) -> JSONValue {
        [
            "base_url": .string(Self.address(port)), "token": .string(token.exposed()),
            "environment_id": .string(environment),
            "accounts": .object(JSONObject(connections.map { ($0.integration, .string($0.account)) })),
            "sandbox": .object(JSONObject(connections.map { ($0.integration, .string($0.sandbox)) })),
        ]
    }

    /// What is printed: settings for a shell, and a call to paste.
    func text(port: Int) -> String {
        var lines = ["Attaché serves at \(Self.address(port)); its documentation is at \(Self.address(port))/docs.", ""]
        for connection in connections {
            lines += [
                "\(connection.integration): account \(connection.account), sandbox at \(connection.sandbox)",
                "  \(connection.credentials)",
            ]
        }
        guard let shown else { return lines.joined(separator: "\n") }
        lines += [
            "", "Paste this into another shell:", "",
            "export ATTACHE_URL=\(Self.address(port))",
            "export ATTACHE_TOKEN=\(token.exposed())",
            "export ATTACHE_ACCOUNT=\(shown.account)",
        ]
        lines += shown.example.lines
        lines += [
            "", "Next: docs/quick-start.md to serve it, docs/add-a-vendor.md for a vendor of your own. Ctrl-C ends it.",
        ]
        return lines.joined(separator: "\n")
    }

    private static func address(_ port: Int) -> String { "http://127.0.0.1:\(port)" }
}
