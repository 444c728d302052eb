import Hummingbird
import Logging
import NIOCore

/// What a handler knows of its request besides the request itself.
struct SandboxContext: RequestContext {
    struct Source: RequestContextSource {
        let exchange: Exchange
        let logger: Logger
    }

    var coreContext: CoreRequestContextStorage
    let exchange: Exchange

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        exchange = source.exchange
    }
}

/// What the server hands over before the exchange is known.
struct ConnectionContext: InitializableFromSource {
    let channel: any Channel
    let logger: Logger

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
        logger = source.logger
    }
}
