import Catalog
import JSON
import Sandbox
import Synchronization

extension SandboxDefinition {
    static var lever: SandboxDefinition { get throws { try named("lever") } }

    private static let read = Mutex<[String: SandboxDefinition]>([:])

    /// A sandbox of the built-in catalog, read once for all tests.
    static func named(_ vendor: String) throws -> SandboxDefinition {
        try read.withLock { known in
            if let definition = known[vendor] { return definition }
            let definition = SandboxDefinition(vendor: vendor, document: try Catalog.builtIn().sandbox(vendor).document)
            known[vendor] = definition
            return definition
        }
    }
}

extension SandboxServer {
    /// What connects the sandbox's usual account.
    var demo: SandboxAccount {
        get throws {
            guard let first = accounts(try Catalog.builtIn().integrationDocument(vendor)).first else { throw NoAccount() }
            return first
        }
    }
}

struct NoAccount: Error {}

/// Records and credentials of Lever's sandbox; `catalog/integrations/lever/sandbox.yaml` has them.
enum LeverSeed {
    /// May do everything.
    static let apiKey = "sandbox-lever-key"
    /// Reads opportunities, files, résumés and users; writes get 403.
    static let readOnlyKey = "sandbox-lever-read-only-key"

    static let oauthClientID = "sandbox-lever-client"
    static let oauthClientSecret = "sandbox-lever-client-secret"
    /// A client that gets tokens for itself alone, with nobody's consent.
    static let serviceClientID = "sandbox-lever-service"
    static let serviceClientSecret = "sandbox-lever-service-secret"

    /// The user that `perform_as` names.
    static let performAs = "11111111-1111-4111-8111-111111111111"
    static let deactivatedUser = "11111111-1111-4111-8111-111111111112"

    /// An opportunity without files.
    static let opportunity = "22222222-2222-4222-8222-222222222221"
    /// An opportunity with one file and one résumé.
    static let opportunityWithFiles = "22222222-2222-4222-8222-222222222222"
    /// A confidential opportunity without files.
    static let confidentialOpportunity = "22222222-2222-4222-8222-222222222223"

    /// A published posting.
    static let posting = "44444444-4444-4444-8444-444444444444"

    /// 2026-01-05T09:00:00Z in milliseconds.
    static let createdAt: Int64 = 1_767_603_600_000

    /// Over the file: the usual client may also have tokens for itself.
    static let clientHasGrants: JSONValue = [
        "oauth": ["clients": ["sandbox-lever-client": ["grants": ["authorization_code", "refresh_token", "client_credentials"]]]]
    ]
}
