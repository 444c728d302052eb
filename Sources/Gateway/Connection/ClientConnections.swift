import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOTLS

/// Connections whose calls run on the connection's own event loop, each with its handlers for HTTP/1.1 or HTTP/2.
struct ClientConnections: ServerChildChannel {
    let responder: Responder
    let configuration: GatewayConfiguration
    let executors: EventLoopExecutors
    let limiter: ConnectionLimiter
    /// nil: plain HTTP.
    let tls: ServerTLS?

    var headTime: TimeAmount { .seconds(Int64(configuration.headSeconds)) }
    var linger: TimeAmount { .seconds(Int64(configuration.lingerSeconds)) }
    var endedInput: TimeAmount { .seconds(Int64(configuration.endedInputSeconds)) }
    var idleLimit: TimeAmount { .seconds(Int64(configuration.clientIdleSeconds)) }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<ClientChannel> {
        channel.eventLoop.makeCompletedFuture {
            // One read a turn: how much of a body is taken is decided after its first bytes, not before.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            let pipeline = channel.pipeline.syncOperations
            let admission = AdmissionHandler(limiter)
            try pipeline.addHandler(admission)
            guard let tls else {
                let connection = try addConnection(channel, admission, logger)
                return ClientChannel(channel: channel, carried: channel.eventLoop.makeSucceededFuture(.connection(connection)))
            }
            let negotiation = NIOTypedApplicationProtocolNegotiationHandler<ClientChannel.Carried> { result in
                channel.eventLoop.makeCompletedFuture {
                    // A client that names no protocol speaks HTTP/1.1.
                    result == .negotiated(ApplicationProtocol.http2)
                        ? .streams(try addStreams(channel, admission, logger))
                        : .connection(try addConnection(channel, admission, logger))
                }
            }
            try pipeline.addHandlers(tls.handler(), HandshakeLimit(headTime), negotiation)
            return ClientChannel(channel: channel, carried: negotiation.protocolNegotiationResult)
        }
    }

    /// The handlers of HTTP/1.1.
    private func addConnection(
        _ channel: any Channel, _ admission: AdmissionHandler, _ logger: Logger
    ) throws -> ClientConnection {
        let pipeline = channel.pipeline.syncOperations
        let headHandler = RequestHeadHandler(limit: headTime)
        try pipeline.addHandler(headHandler)
        var encoding = HTTPResponseEncoder.Configuration()
        encoding.automaticallySetFramingHeaders = false  // `ResponseFraming` does: it knows of HEAD.
        // The gateway's own header fields are checked where they are made, by `HTTPFields`.
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
            withEncoderConfiguration: encoding, withDecoderLimitConfiguration: RequestHeadRules.parserLimits)
        let handler = ClientConnectionHandler(
            linger: linger, endedInput: endedInput, refusal: Refusal(logger: logger), headHandler: headHandler,
            admissions: [admission])
        try pipeline.addHandlers(ClientIdleHandler(limit: idleLimit, pace: configuration.pace), handler)
        return ClientConnection(channel, handler)
    }

    func handle(value: ClientChannel, logger: Logger) async {
        let executor = executors[value.channel.eventLoop]
        await withTaskExecutorPreference(executor) {
            await withTaskCancellationHandler {
                switch try? await value.carried.get() {
                case nil: break  // The client went away before it had said anything.
                case .connection(let connection): await respond(on: connection, executor)
                case .streams(let streams):
                    await withDiscardingTaskGroup { group in
                        do {
                            for try await stream in streams.inbound { group.addTask { await respond(on: stream, executor) } }
                        } catch {}  // The connection has ended, and with it its streams.
                    }
                }
            } onCancel: {
                value.channel.close(promise: nil)
            }
        }
    }

    /// The calls run in a task of the connection's own, which it cancels where they are of no use without their client.
    private func respond(on connection: ClientConnection, _ executor: EventLoopExecutor?) async {
        let calls = Task(executorPreference: executor) {
            while let request = await connection.next() {
                await responder.respond(to: request, on: connection)
            }
        }
        connection.carries { calls.cancel() }
        await withTaskCancellationHandler {
            await calls.value
        } onCancel: {
            calls.cancel()
        }
    }
}
