import HTTPTypes
import NIOCore
import NIOHTTP1

/// How one attempt ended: for good, or with the call changed for another one.
enum Step {
    case done
    case failed(any Error)
    case again
}

extension Upstream {
    /// Sends the call's request once. Its tasks have ended when it returns.
    ///
    /// Fails with what went wrong before `body` was called.
    nonisolated(nonsending) func attempt(
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
        let pipe = BodyPipe(capacity: call.request.bodyCapacity ?? configuration.bodyCapacity)
        let exchange = Exchange(
            head: head, body: Exchange.Body(call.request.body, pipe: pipe), isSafe: call.request.isSafe,
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
            guard let (length, produce) = call.request.body.producer else {
                return await response(&call, exchange, body)
            }
            if let error = await exchange.started.futureResult.failure() { return .failure(error) }
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

    private nonisolated(nonsending) func response(
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

    private nonisolated(nonsending) func isToBeRepeated(
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
    private nonisolated(nonsending) func drain(_ response: UpstreamResponse) async {
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
}

extension Exchange.Body {
    init(_ body: UpstreamRequest.Body, pipe: BodyPipe) {
        switch body {
        case .none: self = .none
        case .bytes(let bytes): self = .bytes(bytes)
        case .stream(let length, _): self = .pipe(pipe, length: length)
        case .repeatable(let length, _): self = .pipe(pipe, length: length)
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

extension UpstreamError {
    /// Exchanges end with nothing but `UpstreamError`; anything else is the connection's.
    init(from error: any Error) {
        self = error as? UpstreamError ?? Failure.closed(Failure.reason(error)).error(phase: .sent, isSafe: false)
    }
}
