import NIOCore
import NIOHTTP2

/// What one HTTP/2 connection may ask of the gateway.
enum HTTP2Limits {
    /// Requests at once. The connection of a client that makes more ends.
    static let streams = 100
    /// Bytes of a body that may be on their way unread: twice this is held for a stream whose provider is slow.
    static let streamWindow = 128 << 10

    static var configuration: NIOHTTP2Handler.Configuration {
        var configuration = NIOHTTP2Handler.Configuration()
        configuration.connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: streams),
            // Twice what is taken: a head in between gets its response, one beyond ends the connection.
            HTTP2Setting(parameter: .maxHeaderListSize, value: 2 * RequestHeadRules.longestHead),
            HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
        ]
        // Enough frames of 16 KiB for the longest head.
        configuration.connection.maximumSequentialContinuationFrames = 16
        // It opens again whatever becomes of the bodies, so that one that makes no progress holds up no other.
        configuration.connection.targetWindowSize = 1 << 20
        // Bodies of streams that the gateway has ended may still be on their way, from all of them at once.
        configuration.connection.maximumRecentlyResetStreams = 10 * streams
        configuration.connection.controlFrameRateLimit.maximumCount = 200
        configuration.connection.controlFrameRateLimit.windowLength = .seconds(30)
        configuration.stream.targetWindowSize = streamWindow
        configuration.stream.outboundBufferSizeHighWatermark = 64 << 10
        configuration.stream.outboundBufferSizeLowWatermark = 32 << 10
        // Requests that are cancelled as soon as they are made cost the gateway more than the client (CVE-2023-44487).
        configuration.stream.streamResetFrameRateLimit.maximumCount = 200
        configuration.stream.streamResetFrameRateLimit.windowLength = .seconds(30)
        configuration.stream.streamErrorRateLimit.maximumCount = 200
        configuration.stream.streamErrorRateLimit.windowLength = .seconds(30)
        return configuration
    }
}
