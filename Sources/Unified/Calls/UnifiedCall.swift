package import Accounts
package import Catalog
package import HTTPTypes
package import JSON
package import Logging
package import NIOCore
import Upstream

/// One unified call of a caller who is known, for an account that is known.
package struct UnifiedCall: Sendable {
    package var model: String
    package var resource: String
    /// `list`, `get`, `create`, `update`, `delete` or the name of a custom method.
    package var method: String
    package var id: String?
    package var parameters: CommonParameters
    package var account: CallAccount
    /// nil for methods that take none.
    package var body: InboundBody?
    /// Header fields of the caller's that a download is asked with: `Range`, `If-Range`.
    package var rangeFields: HTTPFields
    /// Whether the file's SHA-256 is taken while it passes, returned and logged.
    package var wantsFileDigest: Bool
    /// Called, and waited for, before a request that may change something leaves; what it throws ends the call.
    package var willSend: (@Sendable () async throws -> Void)?
    /// Takes what is to be done where the client goes away, or ends its side, before the response is written.
    package var whenClientLeaves: (@Sendable (@escaping @Sendable () -> Void) -> Void)?
    /// Has the call's task cancelled where the client goes away. For calls that change nothing: any other goes on to its end, so
    /// that its outcome is known.
    package var endWithClient: (@Sendable () -> Void)?
    /// Refuses calls that the caller may not make: to a method of a resource of the model.
    package var authorize: (@Sendable (_ resource: String, _ method: String) throws -> Void)?
    /// Where a call of several steps keeps what it has done.
    package var sagaLog: (any SagaLog)?
    /// Whether the gateway makes the call itself, as a step of another.
    var isStep = false
    /// The body of such a step, in place of one that arrives.
    var prepared: PreparedBody?
    var watch: SagaWatch?
    package var logger: Logger

    package init(
        model: String, resource: String, method: String, id: String? = nil, parameters: CommonParameters,
        account: CallAccount, body: InboundBody? = nil, rangeFields: HTTPFields = [:],
        wantsFileDigest: Bool = false, logger: Logger
    ) {
        self.model = model
        self.resource = resource
        self.method = method
        self.id = id
        self.parameters = parameters
        self.account = account
        self.body = body
        self.rangeFields = rangeFields
        self.wantsFileDigest = wantsFileDigest
        self.logger = logger
    }
}

/// What a call needs of an integrated account; an object, since it is handed on at every step.
package final class CallAccount: Sendable {
    package let id: String
    package let environmentID: String
    /// The integration's name.
    package let integration: String
    package let authenticationMethod: String?
    /// With the credentials: never logged, never answered.
    package let context: JSONObject
    /// What of it is not secret: all that overrides see.
    package let openContext: JSONObject
    package let environmentOverrides: Overrides?
    package let accountOverrides: Overrides?
    /// The account as it was read; nil for one that is not stored: its credentials cannot be renewed.
    let stored: ResolvedAccount?

    /// Whose share of a provider's connections the account's calls take.
    var tenant: Tenant { Tenant(environment: environmentID, account: id) }

    package init(
        id: String, environmentID: String, integration: String, authenticationMethod: String?, context: JSONObject,
        openContext: JSONObject = [:], environmentOverrides: Overrides? = nil, accountOverrides: Overrides? = nil,
        stored: ResolvedAccount? = nil
    ) {
        self.id = id
        self.environmentID = environmentID
        self.integration = integration
        self.authenticationMethod = authenticationMethod
        self.context = context
        self.openContext = openContext
        self.environmentOverrides = environmentOverrides
        self.accountOverrides = accountOverrides
        self.stored = stored
    }

    /// An account that was read, as calls need it.
    ///
    /// - Parameters:
    ///   - model: the unified model of the call; empty for calls without one.
    ///   - installed: what the environment changes about that model.
    package convenience init(_ resolved: ResolvedAccount, model: String = "", installed: EnvironmentUnifiedModel? = nil) {
        let account = resolved.account
        let installation = resolved.installation
        let environmentOverride = EnvironmentVariables.removed(from: resolved.environmentOverride.exposed())
        let accountOverride = resolved.integrationOverride.exposed()
        let modelOverride = installed?.override ?? [:]
        // Most change nothing, and need no version.
        var environment: Overrides?
        if !environmentOverride.isEmpty || !modelOverride.isEmpty {
            environment = Overrides(
                version: "\(installation.id)/\(installation.version)/\(installed?.version ?? 0)",
                integration: environmentOverride.isEmpty ? nil : .object(environmentOverride),
                models: modelOverride.isEmpty ? nil : .object([model: .object(modelOverride)]))
            environment?.owner = "\(installation.id)/\(installed?.id ?? "")"
        }
        var own: Overrides?
        if !accountOverride.isEmpty || !account.unifiedModelOverride.isEmpty {
            own = Overrides(
                version: "\(account.id)/\(account.version)",
                integration: accountOverride.isEmpty ? nil : .object(accountOverride),
                mappings: account.unifiedModelOverride.isEmpty ? nil : .object(account.unifiedModelOverride))
            own?.owner = account.id
        }
        self.init(
            id: account.id, environmentID: account.environmentID, integration: account.integration,
            authenticationMethod: account.authenticationMethod,
            context: resolved.context.exposed(), openContext: resolved.openContext,
            environmentOverrides: environment, accountOverrides: own, stored: resolved)
    }

    /// Masks the account's secrets. Made anew each time, at a cost that only those pay who need it.
    var secretMask: SecretMask { SecretMask(stored?.secretTexts ?? []) }
}

/// A request's body as it arrives, with the header fields that say how to read it. It can be read once.
package struct InboundBody: Sendable {
    package typealias Chunks = any AsyncSequence<ByteBuffer, any Error> & Sendable

    package var contentType: String?
    package var contentDisposition: String?
    /// Bytes, where the client declared them.
    package var contentLength: Int64?
    /// Throws where the connection ends before the body is whole.
    package var chunks: Chunks
    /// Asks for chunks of a few KiB from now on, because many bodies are under way at once.
    package var useSmallReads: @Sendable () -> Void

    package init(
        contentType: String?, contentDisposition: String?, contentLength: Int64?, chunks: Chunks,
        useSmallReads: @escaping @Sendable () -> Void = {}
    ) {
        self.contentType = contentType
        self.contentDisposition = contentDisposition
        self.contentLength = contentLength
        self.chunks = chunks
        self.useSmallReads = useSmallReads
    }
}
