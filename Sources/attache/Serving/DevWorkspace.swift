import Accounts
import JSON
import Sandbox
import Storage

/// What `attache dev` prepares: an environment, a token and an account per pretend vendor.
struct DevWorkspace: Sendable {
    struct Connection: Sendable {
        var account: String
        var sandbox: String
        var demo: SandboxDemo
    }

    let environment: String
    let token: Secret<String>
    let connections: [Connection]

    /// Finds what an earlier run has left in the same folder, makes the rest. The token is always new: stored ones
    /// cannot be shown again.
    ///
    /// - Parameter isUnlimited: whether the accounts' calls are kept below no limits.
    init(_ accounts: AccountServices, sandboxes: [SandboxServer], isUnlimited: Bool) async throws {
        let name = "development"
        let query = ListQuery<EnvironmentField>(filters: [Filter(.name, .eq, [name])])
        if let known = try await accounts.environments.list(query).result.first {
            environment = known.id
        } else {
            environment = try await accounts.environments.create(name: name).id
        }
        token = try await accounts.tokens.create(name: name, environment: environment).secret
        var connections: [Connection] = []
        for sandbox in sandboxes {
            var demo = sandbox.demo
            if isUnlimited { demo.integrationOverride["rate_limit"] = ["limits": []] }
            try await Self.install(demo, accounts.environmentIntegrations, environment)
            let account = try await Self.account(demo, accounts, environment)
            connections.append(Connection(account: account, sandbox: sandbox.baseURL, demo: demo))
        }
        self.connections = connections
    }

    /// Turns the integration to where the sandbox listens this time, for accounts that are connected later.
    private static func install(
        _ demo: SandboxDemo, _ integrations: EnvironmentIntegrationService, _ environment: String
    ) async throws {
        let installed = try await integrations.findOrInstall(demo.integration, environment: environment)
        let patch = EnvironmentIntegrationPatch(override: .object(demo.environmentOverride))
        _ = try await integrations.update(installed.id, environment: environment, patch)
    }

    /// An account of the vendor, its calls turned to where the sandbox listens this time.
    private static func account(
        _ demo: SandboxDemo, _ accounts: AccountServices, _ environment: String
    ) async throws -> String {
        let service = accounts.integratedAccounts
        let query = ListQuery<AccountField>(filters: [Filter(.integration, .eq, [demo.integration])])
        if let known = try await service.list(query, environment: environment).result.first {
            let patch = IntegratedAccountPatch(integrationOverride: Secret(demo.integrationOverride))
            return try await service.update(known.id, environment: environment, patch).id
        }
        let new = NewIntegratedAccount(
            tenantID: "development", installation: .integration(demo.integration),
            authenticationMethod: demo.authenticationMethod, context: Secret(demo.context),
            integrationOverride: Secret(demo.integrationOverride)
        )
        return try await service.create(new, environment: environment).id
    }

    /// The content of `--ready-file`.
    func ready(port: Int) -> JSONValue {
        [
            "base_url": .string(Self.address(port)), "token": .string(token.exposed()),
            "environment_id": .string(environment),
            "accounts": .object(JSONObject(connections.map { ($0.demo.integration, .string($0.account)) })),
            "sandbox": .object(JSONObject(connections.map { ($0.demo.integration, .string($0.sandbox)) })),
        ]
    }

    /// What is printed: settings for a shell, and a call to paste.
    func text(port: Int) -> String {
        var lines = ["Attaché serves at \(Self.address(port)); its documentation is at \(Self.address(port))/docs.", ""]
        guard let first = connections.first else { return lines.joined(separator: "\n") }
        for connection in connections {
            let credentials = connection.demo.context.map { "\($0.key)=\($0.value.string ?? $0.value.text())" }
            lines += [
                "\(connection.demo.integration): account \(connection.account), pretend vendor at \(connection.sandbox)",
                "  which takes \(credentials.joined(separator: ", "))",
            ]
        }
        lines += [
            "", "Paste this into another shell:", "",
            "export ATTACHE_URL=\(Self.address(port))",
            "export ATTACHE_TOKEN=\(token.exposed())",
            "export ATTACHE_ACCOUNT=\(first.account)",
            "export ATTACHE_CANDIDATE=\(first.demo.candidateID)",
            "",
            #"echo "Ada Nym, engineer" | curl "$ATTACHE_URL/unified/ats/attachments?integrated_account_id=$ATTACHE_ACCOUNT" \"#,
            #"  -H "Authorization: Bearer $ATTACHE_TOKEN" -F "candidate_id=$ATTACHE_CANDIDATE" -F "file=@-;filename=cv.txt""#,
            "", "Next: docs/quick-start.md to serve it, docs/add-a-vendor.md for a vendor of your own. Ctrl-C ends it.",
        ]
        return lines.joined(separator: "\n")
    }

    private static func address(_ port: Int) -> String { "http://127.0.0.1:\(port)" }
}
