import Accounts
import Catalog
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// A vendor of the catalog behind a gateway, and what its definition says that it offers for attachments.
struct VendorContract: Sendable {
    let vendor: String
    let gateway: TestGateway
    /// Plans and coverage of `attachments` by method; a method that is not here is not offered.
    let plans: [String: MethodPlan]
    let coverage: [String: Coverage.Entry]
    /// `candidate_id` and the like: records of the sandbox that take files.
    let targets: [(name: String, value: String)]
    /// The sandbox's usual account, and one whose credentials nobody knows.
    let usual: SandboxAccount
    let wrong: SandboxAccount

    static func run(
        _ vendor: String, options: SandboxOptions? = nil, effects: Effects? = nil,
        _ body: (VendorContract) async throws -> Void
    ) async throws {
        try await TestGateway.run(
            sandboxOptions: options, sandbox: .named(vendor), effects: effects,
            connecting: { try account($0, $1, vendor) }
        ) { gateway in
            try await body(VendorContract(vendor, gateway))
        }
    }

    private init(_ vendor: String, _ gateway: TestGateway) throws {
        self.vendor = vendor
        self.gateway = gateway
        let catalog = try Catalog.builtIn()
        var plans: [String: MethodPlan] = [:]
        var coverage: [String: Coverage.Entry] = [:]
        for entry in try Coverage(catalog, integration: vendor).entries where entry.resource == "attachments" {
            coverage[entry.method] = entry
            plans[entry.method] = try catalog.plan(
                model: "ats", resource: "attachments", method: entry.method, integration: vendor)
        }
        self.plans = plans
        self.coverage = coverage
        targets = ["candidate", "application", "job"].compactMap { name in
            gateway.sandbox.target(name).map { (name + "_id", $0) }
        }
        let document = try catalog.integrationDocument(vendor)
        usual = try #require(gateway.sandbox.accounts(document).first)
        wrong = try gateway.sandbox.account(.wrong, document) ?? Self.unknown(usual, catalog.integration(vendor))
    }

    /// The usual account of a vendor's sandbox.
    static func account(_ sandbox: SandboxServer, _ catalog: Catalog, _ vendor: String) throws -> NewIntegratedAccount {
        try account(#require(sandbox.accounts(catalog.integrationDocument(vendor)).first))
    }

    /// Without limits of the vendor's own: rows make more calls than it allows.
    private static func account(_ given: SandboxAccount) -> NewIntegratedAccount {
        var override = given.override
        override["rate_limit"] = ["limits": []]
        return NewIntegratedAccount(
            tenantID: "acme", installation: .integration(given.integration),
            authenticationMethod: given.authenticationMethod, context: Secret(given.context),
            integrationOverride: Secret(override))
    }

    /// The account with every secret of it replaced, for sandboxes that name no wrong credentials.
    private static func unknown(_ usual: SandboxAccount, _ integration: Integration) -> SandboxAccount {
        var account = usual
        for name in integration.secretFields where account.context[name] != nil { account.context[name] = "wrong" }
        if var token = account.context["oauth"]?["token"]?.object {
            token["access_token"] = "wrong"
            if token["refresh_token"] != nil { token["refresh_token"] = "wrong" }
            account.context["oauth"] = ["token": .object(token)]
        }
        return account
    }

    /// Connects one account more; its id.
    func connect(_ account: SandboxAccount) async throws -> String {
        try await gateway.accounts.integratedAccounts.create(Self.account(account), environment: gateway.environmentID).id
    }

    func offers(_ method: String) -> Bool { plans[method] != nil }

    /// Fields that the method takes in `remote_data` and the account does not have; only forms have a place for them.
    var remoteFields: [String] {
        (plans["create"]?.unifiedMethod.remoteFields ?? []).filter { usual.context[$0] == nil }
    }

    /// Whether uploads wait for files that vendors fetch by themselves.
    var isFetched: Bool { coverage["create"]?.upload == "url" }

    /// The largest file that is taken, where there is a limit.
    var limit: Int? { coverage["create"]?.maxFileSize }

    func file(_ row: String, size: Int) throws -> ContractFile {
        try #require(
            ContractFile(row, size: size, accepted: coverage["create"]?.acceptedTypes ?? []),
            "\(vendor) takes none of the usual types of documents")
    }
}
