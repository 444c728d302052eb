import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// HTTP/1.1 connections of which each one's calls run on the connection's own event loop.
struct ClientConnections: ServerChildChannel {
    let responder: Responder
    let configuration: GatewayConfiguration
    let executors: EventLoopExecutors
    let limiter: ConnectionLimiter
    /// nil: plain HTTP.
    let tls: ServerTLS?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<ClientConnection> {
        channel.eventLoop.makeCompletedFuture {
            // One read a turn: how much of a body is taken is decided after its first bytes, not before.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            let pipeline = channel.pipeline.syncOperations
            let headTime = TimeAmount.seconds(Int64(configuration.headSeconds))
            if let tls { try pipeline.addHandlers(tls.handler(), HandshakeLimit(headTime)) }
            let headHandler = RequestHeadHandler(limit: headTime)
            try pipeline.addHandler(headHandler)
            var encoding = HTTPResponseEncoder.Configuration()
            encoding.automaticallySetFramingHeaders = false  // `ResponseFraming` does: it knows of HEAD.
            // Header fields of ours are checked where they are made, by `HTTPFields`.
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
                withEncoderConfiguration: encoding, withDecoderLimitConfiguration: RequestHeadRules.parserLimits)
            let handler = ClientConnectionHandler(
                linger: .seconds(Int64(configuration.lingerSeconds)), refusal: Refusal(logger: logger),
                headHandler: headHandler)
            try pipeline.addHandler(
                AdmissionHandler(limiter) { handler.isReserved = true }, position: .first)
            try pipeline.addHandlers(
                ClientIdleHandler(limit: .seconds(Int64(configuration.clientIdleSeconds)), pace: configuration.pace), handler)
            return ClientConnection(channel, handler)
        }
    }

    func handle(value connection: ClientConnection, logger: Logger) async {
        await withTaskExecutorPreference(executors[connection.channel.eventLoop]) {
            await withTaskCancellationHandler {
                while let request = await connection.next() {
                    await responder.respond(to: request, on: connection)
                }
            } onCancel: {
                connection.abort()
            }
        }
    }
}
