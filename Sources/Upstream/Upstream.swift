import HTTPTypes
package import NIOCore
import NIOPosix
import Synchronization
import Tracing

/// Calls to providers: checked addresses, bounded memory, and errors that say what may have happened.
///
/// Everything a call starts has ended when it returns. HTTP/1.1, over TLS unless the policy says otherwise.
package final class Upstream: Sendable {
    package struct Configuration: Sendable {
        package var egress: EgressPolicy
        package var resolver: Resolver
        package var retries: RetryPolicy
        /// Paths of PEM files with authorities to trust besides the system's.
        package var trustRoots: [String]
        /// How long an unused connection is kept.
        package var keepIdle: Duration
        /// Unused connections kept per origin.
        package var keepIdlePerOrigin: Int
        /// Exchanges at work per origin at once; further calls wait, within their limits for connecting.
        package var maxConnectionsPerOrigin: Int
        /// What one account and one environment may hold of those while others wait.
        package var shares: ConnectionShares
        /// The least that has to come of a response's body while it is waited for; nil: as slow as it likes.
        package var pace: Pace?
        /// Bytes held between a body's producer and the connection, and between the connection and a reader.
        package var bodyCapacity: Int
        /// Called after each call. It must be quick: the call waits for it.
        package var observer: (@Sendable (ProviderCall) -> Void)?
        /// Makes a span of each call that is made in a trace; nil: none.
        package var tracing: CallTracing?

        package init(
            egress: EgressPolicy = .standard, resolver: Resolver = .system, retries: RetryPolicy = .standard,
            trustRoots: [String] = [], keepIdle: Duration = .seconds(15), keepIdlePerOrigin: Int = 64,
            maxConnectionsPerOrigin: Int = 1024, shares: ConnectionShares = ConnectionShares(), pace: Pace? = .standard,
            bodyCapacity: Int = 256 * 1024
        ) {
            self.egress = egress
            self.resolver = resolver
            self.retries = retries
            self.trustRoots = trustRoots
            self.keepIdle = keepIdle
            self.keepIdlePerOrigin = keepIdlePerOrigin
            self.maxConnectionsPerOrigin = maxConnectionsPerOrigin
            self.shares = shares
            self.pace = pace
            self.bodyCapacity = bodyCapacity
        }
    }

    package let configuration: Configuration
    private let currentEgress: Mutex<EgressPolicy>
    let names: AddressCache
    let slots: ConnectionSlots
    let pool: ConnectionPool
    let connector: Connector
    let group: any EventLoopGroup
    let budget = SharedRetryBudget()

    package init(
        _ configuration: Configuration = Configuration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.configuration = configuration
        currentEgress = Mutex(configuration.egress)
        names = AddressCache(resolver: configuration.resolver, keepFor: .seconds(30), group: group)
        slots = ConnectionSlots(
            limit: configuration.maxConnectionsPerOrigin, shares: configuration.shares, group: group)
        pool = ConnectionPool(
            keepFor: TimeAmount(configuration.keepIdle), keepAtMost: configuration.keepIdlePerOrigin
        )
        connector = Connector(security: TransportSecurity(trustRoots: configuration.trustRoots), pool: pool)
        self.group = group
    }

    /// Which addresses may be called now.
    package var egress: EgressPolicy { currentEgress.withLock { $0 } }

    /// Sets another policy for the calls that begin from now on. Connections that an earlier one let be made are not used
    /// again.
    package func setEgress(_ policy: EgressPolicy) {
        currentEgress.withLock { $0 = policy }
        pool.empty()
    }

    /// Closes unused connections; those at work close after their call.
    package func shutdown() { pool.shutdown() }

    /// Sends `request` and reads the response inside `body`, at `body`'s pace.
    ///
    /// Retries, redirects and a credentials refresh happen before `body` runs; it runs at most once. A response that
    /// `body` leaves unread is dropped, together with its connection.
    /// - Throws: `UpstreamError`; what `body` throws; what the producer of the request body throws.
    package nonisolated(nonsending) func withResponse<Outcome>(
        _ request: UpstreamRequest, _ body: (UpstreamResponse) async throws -> Outcome
    ) async throws -> Outcome {
        var outcome: Outcome?
        try await carryOut(request) { response in outcome = try await body(response) }
        guard let outcome else { preconditionFailure("a call has ended well without its response") }
        return outcome
    }

    /// Not generic, as what it calls: a call passes through a dozen functions, which would work on values of unknown size.
    private nonisolated(nonsending) func carryOut(
        _ request: UpstreamRequest, _ body: (UpstreamResponse) async throws -> Void
    ) async throws {
        // Without a tracer this is all that tracing costs a call.
        if let tracing = configuration.tracing, let context = ServiceContext.current {
            return try await tracing.traced(request, in: context) { request, span in
                try await observed(request) { response in
                    span.attributes["http.response.status_code"] = response.status.code
                    return try await body(response)
                }
            }
        }
        return try await observed(request, body)
    }

    private nonisolated(nonsending) func observed(
        _ request: UpstreamRequest, _ body: (UpstreamResponse) async throws -> Void
    ) async throws {
        var call = try Call(request, policy: configuration.retries)
        budget.deposit()
        guard let observer = configuration.observer else { return try await perform(&call, body) }
        let start = ContinuousClock.now
        do {
            try await perform(&call, body)
            observer(ProviderCall(call, request, since: start, error: nil))
        } catch {
            observer(ProviderCall(call, request, since: start, error: error))
            throw error
        }
    }

    private nonisolated(nonsending) func perform(
        _ call: inout Call, _ body: (UpstreamResponse) async throws -> Void
    ) async throws {
        while true {
            switch await attempt(&call, body) {
            case .success(.done): return
            case .success(.failed(let error)): throw error
            case .success(.again): break
            case .failure(let error):
                guard call.mayRetry(error, budget: budget) else { throw error }
            }
            try await call.pause()
        }
    }

    /// Sends `request` and collects the response, up to `limit` bytes.
    ///
    /// - Throws: `UpstreamError`; the producer's own error is its `source`.
    package func send(
        _ request: UpstreamRequest, upTo limit: Int = 16 * 1024 * 1024
    ) async throws(UpstreamError) -> CollectedResponse {
        do {
            return try await withResponse(request) { response in
                try await response.collected(upTo: limit)
            }
        } catch let error as UpstreamError {
            throw error
        } catch is CancellationError {
            throw Failure.cancelled.error(phase: .connecting, isSafe: true)
        } catch {
            throw .sourceFailed(error)
        }
    }
}
