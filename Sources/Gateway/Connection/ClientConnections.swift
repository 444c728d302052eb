import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// HTTP/1.1 connections of which each one's calls run on the connection's own event loop.
struct ClientConnections: ServerChildChannel {
    let responder: Responder
    let configuration: GatewayConfiguration
    let executors: EventLoopExecutors

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<ClientConnection> {
        channel.eventLoop.makeCompletedFuture {
            // A form with a small file is there in one or two reads.
            try channel.syncOptions?.setOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1 << 10, initial: 16 << 10, maximum: 64 << 10))
            let pipeline = channel.pipeline.syncOperations
            // Header fields of ours are checked where they are made, by `HTTPFields`.
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false)
            let handler = ClientConnectionHandler(linger: .seconds(Int64(configuration.lingerSeconds)))
            try pipeline.addHandlers(
                ClientIdleHandler(limit: .seconds(Int64(configuration.clientIdleSeconds))), handler)
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
