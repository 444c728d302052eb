import HummingbirdCore
import Logging
import NIOCore

/// HTTP/1.1 of which each connection's calls run on the connection's own event loop.
struct PinnedHTTP1: ServerChildChannel {
    let base: HTTP1Channel
    let executors: EventLoopExecutors

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        base.setup(channel: channel, logger: logger)
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskExecutorPreference(executors[value.channel.eventLoop]) {
            await base.handle(value: value, logger: logger)
        }
    }
}
