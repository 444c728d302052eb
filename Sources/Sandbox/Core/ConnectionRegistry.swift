import NIOCore
import Synchronization

/// The open connections of a server, so that stalled ones can be let go and all can be closed at the end.
final class ConnectionRegistry: Sendable {
    fileprivate struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Answers that stand still.
        var waiting: [ObjectIdentifier: CheckedContinuation<Void, Never>] = [:]
        /// How often all stalls have been released.
        var releases = 0
        var isClosing = false
        /// Those who wait until no connection is left.
        var emptying: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func add(_ channel: any Channel) {
        let isClosing = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.isClosing
        }
        if isClosing { channel.close(promise: nil) }
    }

    func remove(_ channel: any Channel) {
        let emptied = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            return state.takeEmptied()
        }
        release(channel)
        for continuation in emptied { continuation.resume() }
    }

    /// Waits until no connection is left: a channel that was told to close does so in its own time, on its loop.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let emptied = state.withLock { state in
                state.emptying.append(continuation)
                return state.takeEmptied()
            }
            for continuation in emptied { continuation.resume() }
        }
    }

    var count: Int { state.withLock { $0.channels.count } }

    /// To be noted when a request begins, for `waitForRelease`.
    var releases: Int { state.withLock { $0.releases } }

    /// Waits until the client leaves, the stalls are released, or the server ends. Returns at once if the
    /// stalls were released after `releases` was noted.
    func waitForRelease(of channel: any Channel, since releases: Int) async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                guard state.channels[ObjectIdentifier(channel)] != nil, !state.isClosing,
                    state.releases == releases
                else { return false }
                state.waiting[ObjectIdentifier(channel)] = continuation
                return true
            }
            if !isOpen { continuation.resume() }
        }
    }

    /// Ends the wait of one connection's response.
    func release(_ channel: any Channel) {
        state.withLock { $0.waiting.removeValue(forKey: ObjectIdentifier(channel)) }?.resume()
    }

    /// Ends every stall, of request bodies and of responses.
    func releaseStalls() {
        let channels = state.withLock { state in
            state.releases += 1
            return Array(state.channels.values)
        }
        for channel in channels {
            channel.triggerUserOutboundEvent(ReleaseStall(), promise: nil)
            release(channel)
        }
    }

    func closeAll() {
        let channels = state.withLock { state in
            state.isClosing = true
            return Array(state.channels.values)
        }
        for channel in channels {
            release(channel)
            channel.close(promise: nil)
        }
    }
}

extension ConnectionRegistry.State {
    /// Those whose wait is over.
    fileprivate mutating func takeEmptied() -> [CheckedContinuation<Void, Never>] {
        guard channels.isEmpty else { return [] }
        defer { emptying = [] }
        return emptying
    }
}

/// Tells an `ExchangeTap` to read on.
struct ReleaseStall: Sendable {}
