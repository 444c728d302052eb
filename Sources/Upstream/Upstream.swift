import HTTPTypes
package import NIOCore
import NIOHTTP1
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
    package func withResponse<Outcome>(
        _ request: UpstreamRequest, _ body: (UpstreamResponse) async throws -> Outcome
    ) async throws -> Outcome {
        var outcome: Outcome?
        try await carryOut(request) { response in outcome = try await body(response) }
        guard let outcome else { preconditionFailure("a call has ended well without its response") }
        return outcome
    }

    /// Not generic, as what it calls: a call passes through a dozen functions, which would work on values of unknown size.
    private func carryOut(
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

    private func observed(
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

    private func perform(
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

    /// Sends the call's request once. Its tasks have ended when it returns.
    ///
    /// Fails with what went wrong before `body` was called.
    private func attempt(
        _ call: inout Call, _ body: (UpstreamResponse) async throws -> Void
    ) async -> Result<Step, UpstreamError> {
        call.tally.attempts += 1
        let head: HTTPRequestHead
        let slot: ConnectionSlots.Slot
        do throws(UpstreamError) {
            head = try HeaderRules.requestHead(call.request, to: call.url)
            slot = try await slots.take(call.url.origin, for: call.request.tenant, within: timeToConnect(call))
        } catch {
            return .failure(error)
        }
        defer { slots.give(slot) }
        let connection: Connection
        do throws(UpstreamError) {
            connection = try await self.connection(for: call)
        } catch {
            return .failure(error)
        }
        let bodyCapacity = call.request.bodyCapacity ?? configuration.bodyCapacity
        let exchange = Exchange(
            head: head, body: Exchange.Body(call.request.body, capacity: bodyCapacity), isSafe: call.request.isSafe,
            deadlines: deadlines(of: call), connection: connection, responseCapacity: configuration.bodyCapacity
        )
        slots.whenOwed(slot) { [slots] in
            connection.giveWay(exchange) { slots.couldNotEnd(slot) }
        }
        // Whatever is unfinished when this returns is ended; a finished exchange is not touched.
        defer {
            connection.cancel(exchange)
            call.tally.add(exchange)
        }
        return await withTaskCancellationHandler {
            connection.start(exchange)
            guard let produce = call.request.body.producer, case .pipe(let pipe, let length) = exchange.body else {
                return await response(&call, exchange, body)
            }
            if let error = await exchange.started?.futureResult.failure() { return .failure(error) }
            return await withTaskGroup(of: Void.self) { group in
                group.addTask { await Self.produce(into: pipe, length: length, produce) }
                let step = await response(&call, exchange, body)
                pipe.abandon()
                group.cancelAll()
                return step
            }
        } onCancel: {
            connection.cancel(exchange)
        }
    }

    private static func produce(
        into pipe: BodyPipe, length: Int64?, _ produce: @Sendable (BodyWriter) async throws -> Void
    ) async {
        let writer = BodyWriter(pipe: pipe, length: length)
        do {
            try await produce(writer)
            try writer.checkComplete()
            pipe.finish()
        } catch {
            pipe.fail(error)
        }
    }

    private func response(
        _ call: inout Call, _ exchange: Exchange, _ body: (UpstreamResponse) async throws -> Void
    ) async -> Result<Step, UpstreamError> {
        let head: HTTPResponseHead
        do {
            head = try await exchange.response.futureResult.get()
        } catch {
            let error = UpstreamError(from: error)
            if let source = error.source { return .success(.failed(source)) }
            return .failure(error)
        }
        call.tally.status = Int(head.status.code)
        let response = UpstreamResponse(
            status: HTTPResponse.Status(code: Int(head.status.code), reasonPhrase: head.status.reasonPhrase),
            headers: HeaderRules.fromProvider(head.headers), body: UpstreamBody(pipe: exchange.responseBody), url: call.url
        )
        do {
            if try await isToBeRepeated(&call, response) {
                await drain(response)
                return .success(.again)
            }
            try await body(response)
            return .success(.done)
        } catch {
            return .success(.failed((error as? UpstreamError)?.source ?? error))
        }
    }

    private func isToBeRepeated(
        _ call: inout Call, _ response: UpstreamResponse
    ) async throws -> Bool {
        let status = response.status.code
        switch status {
        case 200..<300: return false
        case 300..<400: return try call.follow(status: status, response.headers)
        case 401: return try await call.refresh()
        default: return call.mayRetry(status: status, response.headers, budget: budget)
        }
    }

    /// Reads away a short response, so that its connection can be used again.
    private func drain(_ response: UpstreamResponse) async {
        guard let text = response.headers[.contentLength], let length = Int(text), length <= 16 * 1024 else { return }
        _ = try? await response.body.collect(upTo: length)
    }

    private func deadlines(of call: Call) -> Exchange.Deadlines {
        Exchange.Deadlines(
            total: call.deadline, connect: .now() + TimeAmount(call.request.limits.connect),
            idle: call.request.limits.idle.map { TimeAmount($0) },
            head: call.request.limits.head.map { .now() + TimeAmount($0) }, pace: configuration.pace
        )
    }

    // MARK: Connections

    /// An unused connection to the call's origin, or a new one to an address that the policy admits.
    private func connection(for call: Call) async throws(UpstreamError) -> Connection {
        let egress = call.request.egress
        // The caller's own loop, where it runs on one: then the whole call stays on one thread.
        let eventLoop = group.any()
        if egress == nil, let connection = pool.take(call.url.origin, preferring: eventLoop) { return connection }
        let found = try await names.addresses(
            of: call.url.host, for: call.request.tenant, within: timeToConnect(call))
        let admitted = try (egress ?? self.egress).admitted(call.url, at: found)
        var failure = UpstreamError.couldNotConnect("the host has no address")
        for address in admitted.prefix(4) {
            let timeLeft = try timeToConnect(call)
            do {
                return try await connector.connect(
                    call.url, at: address, on: eventLoop, timeout: TimeAmount(timeLeft))
            } catch  where error.code == .couldNotConnect {
                failure = error
            }
        }
        throw failure
    }

    /// What is left for the next step towards a connection.
    private func timeToConnect(_ call: Call) throws(UpstreamError) -> Duration {
        let connect = call.request.limits.connect
        let timeLeft = min(connect, call.deadline?.timeLeft() ?? connect)
        guard timeLeft > .zero else { throw Failure.deadline.error(phase: .connecting, isSafe: true) }
        return timeLeft
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

extension EventLoopFuture<Void> {
    /// Waits for the result; nil for success.
    fileprivate func failure() async -> UpstreamError? {
        do {
            try await get()
            return nil
        } catch {
            return UpstreamError(from: error)
        }
    }
}

/// How one attempt ended: for good, or with the call changed for another one.
private enum Step {
    case done
    case failed(any Error)
    case again
}
