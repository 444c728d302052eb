import Logging
import NIOCore
import NIOHTTP2

extension ClientConnections {
    typealias Streams = NIOHTTP2Handler.AsyncStreamMultiplexer<ClientConnection>

    /// The handlers of HTTP/2.
    func addStreams(_ channel: any Channel, _ admission: AdmissionHandler, _ logger: Logger) throws -> Streams {
        let pipeline = channel.pipeline.syncOperations
        let handler = HTTP2ConnectionHandler(idleLimit: idleLimit, patience: headTime, linger: linger)
        let bound = NIOLoopBound((handler, admission), eventLoop: channel.eventLoop)
        try pipeline.addHandlers(GoAwayHandler(), HTTP2SettingsHandler())
        let streams = try pipeline.configureAsyncHTTP2Pipeline(
            mode: .server, streamDelegate: nil, frameDelegate: handler, configuration: HTTP2Limits.configuration
        ) { stream in
            stream.eventLoop.makeCompletedFuture { try addStream(stream, bound.value.0, bound.value.1, logger) }
        }
        try pipeline.addHandler(handler)
        return streams
    }

    /// A stream has the handlers that a connection of HTTP/1.1 has, behind its codec.
    private func addStream(
        _ stream: any Channel, _ connection: HTTP2ConnectionHandler, _ admission: AdmissionHandler, _ logger: Logger
    ) throws -> ClientConnection {
        let own = AdmissionHandler(limiter, isStream: true)
        let handler = ClientConnectionHandler(
            linger: linger, endedInput: endedInput, refusal: Refusal(logger: logger), headHandler: nil,
            admissions: [admission, own], isStream: true)
        try stream.pipeline.syncOperations.addHandlers(
            HTTP2StreamCodec(of: connection), own, ClientIdleHandler(limit: idleLimit, pace: configuration.pace), handler)
        return ClientConnection(stream, handler)
    }
}
