import NIOCore
import Synchronization

/// The connections of all event loops, counted together.
final class ConnectionLimiter: Sendable {
    private let counts: Mutex<ConnectionCounts>
    private let onRoom = Mutex<(@Sendable () -> Void)?>(nil)

    /// nil: as many as come.
    init(limit: Int?, perPeer: Int?) {
        let (limit, perPeer) = Self.bounds(limit, perPeer)
        counts = Mutex(ConnectionCounts(limit: limit, perPeer: perPeer))
    }

    /// Sets other bounds. Connections that are open stay.
    func set(limit: Int?, perPeer: Int?) {
        let (limit, perPeer) = Self.bounds(limit, perPeer)
        counts.withLock { $0.set(limit: limit, perPeer: perPeer) }
        if mayAccept { onRoom.withLock { $0 }?() }
    }

    private static func bounds(_ limit: Int?, _ perPeer: Int?) -> (limit: Int, perPeer: Int) {
        let limit = limit ?? Int.max / 2
        // One peer never takes all, so that others find room whatever it does.
        return (limit, perPeer ?? max(limit / 4 * 3, 1))
    }

    var mayAccept: Bool { counts.withLock { $0.mayAccept } }
    var total: Int { counts.withLock { $0.total } }

    /// Has `act` called when accepting may go on after it was paused.
    func whenRoom(_ act: @escaping @Sendable () -> Void) { onRoom.withLock { $0 = act } }

    fileprivate func opened(_ peer: Peer) -> ConnectionCounts.Admission { counts.withLock { $0.opened(peer) } }

    fileprivate func closed(_ peer: Peer, _ admission: ConnectionCounts.Admission) {
        let hasRoomAgain = counts.withLock { counts in
            let wasFull = !counts.mayAccept
            counts.closed(peer, admission)
            return wasFull && counts.mayAccept
        }
        if hasRoomAgain { onRoom.withLock { $0 }?() }
    }
}

/// Counts its connection, and closes one that is too many. A stream of HTTP/2 counts as a connection does: what a client
/// may have at once does not depend on how it is carried.
final class AdmissionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// How long a connection of the reserve may last.
    private static let reservedTime = TimeAmount.seconds(5)

    private let limiter: ConnectionLimiter
    private let isStream: Bool
    private var peer: Peer?
    private var admission = ConnectionCounts.Admission.admitted
    /// There are too many connections: this one is open for health checks alone.
    private(set) var isReserved = false

    init(_ limiter: ConnectionLimiter, isStream: Bool = false) {
        self.limiter = limiter
        self.isStream = isStream
    }

    func channelActive(context: ChannelHandlerContext) {
        open(context)
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { open(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        close()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { close() }

    private func open(_ context: ChannelHandlerContext) {
        guard peer == nil else { return }
        // The channel's, not the context's, which traps for a stream.
        let peer = Peer(context.channel.remoteAddress)
        self.peer = peer
        admission = limiter.opened(peer)
        switch admission {
        case .admitted: break
        // One stream too many is refused with a response: its connection is there anyway.
        case .refused where !isStream: context.close(promise: nil)
        case .reserved, .refused:
            isReserved = true
            context.eventLoop.assumeIsolated().scheduleTask(in: Self.reservedTime) { context.close(promise: nil) }
        }
    }

    private func close() {
        guard let peer else { return }
        self.peer = nil
        limiter.closed(peer, admission)
    }
}
