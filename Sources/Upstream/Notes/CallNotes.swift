import Synchronization
package import Tracing

/// What is known of a request at the gateway while it is carried out, for its row in the log and for the calls to
/// providers that are made for it.
///
/// Handed on by the task, so that no function between the route and the connection has to pass it along.
package final class CallNotes: Sendable {
    @TaskLocal package static var current: CallNotes?

    /// Names here are the catalog's or the store's, never text of a caller: they become labels of metrics. Only `exchange`
    /// holds what callers sent.
    package struct Facts: Sendable {
        package var environment: String?
        package var account: String?
        package var integration: String?
        /// `ats/attachments`.
        package var resource: String?
        /// `list`, `get`, `create`, `update`, `delete` or a custom method.
        package var method: String?
        package var providerCalls = 0
        package var providerTime = Duration.zero
        package var retries = 0
        /// Time spent waiting for a turn below a provider's rate limits.
        package var turnWait = Duration.zero
        /// What the call that failed last exchanged with the provider, as JSON without secrets; nil where it is not kept.
        package var exchange: String?
    }

    package enum Kind: Sendable { case request, webhook }

    package let kind: Kind
    /// The id of `x-request-id`, or of the job that runs by itself.
    package let id: String
    package let trace: TraceContext?
    /// Makes spans of the steps of the call; nil where traces are not exported.
    package let tracer: (any Tracer)?
    /// Whether a call that fails is to keep what it exchanged with the provider.
    package let keepsExchange: Bool
    private let facts: Mutex<Facts>

    package init(
        id: String, kind: Kind = .request, trace: TraceContext? = nil, environment: String? = nil,
        tracer: (any Tracer)? = nil, keepsExchange: Bool = false
    ) {
        self.kind = kind
        self.id = id
        self.trace = trace
        self.tracer = tracer
        self.keepsExchange = keepsExchange
        var facts = Facts()
        facts.environment = environment
        self.facts = Mutex(facts)
    }

    package var known: Facts { facts.withLock { $0 } }

    package func note(_ change: (inout sending Facts) -> Void) { facts.withLock { change(&$0) } }
}
