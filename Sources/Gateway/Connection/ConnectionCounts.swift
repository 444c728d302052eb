import NIOCore
import Upstream

/// Where a connection comes from, as far as it is counted: an IPv4 address, or the /64 that a site has of IPv6.
enum Peer: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt64)
    /// A Unix socket, or one that is gone already.
    case other

    init(_ address: SocketAddress?) {
        switch address?.ipAddress.flatMap({ IPAddress($0.prefix { $0 != "%" }) })?.unmapped {
        case .v4(let bits)?: self = .v4(bits)
        case .v6(let bits)?: self = .v6(UInt64(truncatingIfNeeded: bits >> 64))
        case nil: self = .other
        }
    }
}

/// How many connections are open, and whether one more may be: pure.
///
/// Past `limit` a few are still let in, so that whoever looks after the gateway can ask how it is; they are closed soon,
/// and response nothing else.
struct ConnectionCounts {
    enum Admission: Hashable {
        case admitted
        /// For health checks alone.
        case reserved
        case refused
    }

    /// Connections past the limit, and of those for one peer.
    static let reserve = 16
    static let reservePerPeer = 4

    private(set) var limit: Int
    private(set) var perPeer: Int
    private(set) var total = 0
    private var peers: [Peer: Int] = [:]
    private var reserved: [Peer: Int] = [:]

    init(limit: Int, perPeer: Int) {
        self.limit = max(limit, 1)
        self.perPeer = max(perPeer, 1)
    }

    mutating func set(limit: Int, perPeer: Int) {
        self.limit = max(limit, 1)
        self.perPeer = max(perPeer, 1)
    }

    /// Whether another connection is to be accepted at all.
    var mayAccept: Bool { total < limit + Self.reserve }

    /// Counts a connection, whatever becomes of it; `closed` counts it out again.
    mutating func opened(_ peer: Peer) -> Admission {
        total += 1
        peers[peer, default: 0] += 1
        guard peers[peer, default: 0] <= perPeer else { return .refused }
        guard total > limit else { return .admitted }
        guard reserved[peer, default: 0] < Self.reservePerPeer else { return .refused }
        reserved[peer, default: 0] += 1
        return .reserved
    }

    mutating func closed(_ peer: Peer, _ admission: Admission) {
        total -= 1
        Self.countDown(&peers[peer])
        if admission == .reserved { Self.countDown(&reserved[peer]) }
    }

    private static func countDown(_ count: inout Int?) {
        let left = (count ?? 1) - 1
        count = left > 0 ? left : nil
    }
}
