package import Accounts
package import Catalog
package import HTTPTypes
package import JSON
package import Logging
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
}
