import HummingbirdCore
import NIOCore
import NIOHTTP2

/// A client's channel, which carries requests once it is known how.
struct ClientChannel: ServerChildChannelValue {
    enum Carried: Sendable {
        /// HTTP/1.1: one request after the other.
        case connection(ClientConnection)
        /// HTTP/2: many at once, each on a stream of its own.
        case streams(NIOHTTP2Handler.AsyncStreamMultiplexer<ClientConnection>)
    }

    let channel: any Channel
    /// Known after the handshake of TLS; fails where that does.
    let carried: EventLoopFuture<Carried>
}
