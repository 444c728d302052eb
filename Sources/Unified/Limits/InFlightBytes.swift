import Synchronization

/// Shares out the bytes that all calls together may hold: their look-ahead, and the pipes to their providers.
///
/// While less than a quarter is taken, a call gets what it asks for. Beyond that it gets the least that keeps a stream
/// moving, so that many slow uploads fit; and when not even that is free, it is refused before its body is read.
final class InFlightBytes: Sendable {
    /// What one call may hold.
    struct Room: Sendable, Hashable {
        /// Bytes of the form that may be read before the provider is called.
        var lookahead: Int
        /// Bytes between the form and the provider.
        var pipe: Int
        /// Bytes that count as taken.
        var cost: Int

        init(lookahead: Int, pipe: Int, cost: Int? = nil) {
            self.lookahead = lookahead
            self.pipe = pipe
            self.cost = cost ?? lookahead + pipe
        }
    }

    static let least = Room(lookahead: 32 << 10, pipe: 8 << 10, cost: 96 << 10)

    private let limit: Int
    private let taken = Mutex(0)

    init(limit: Int) { self.limit = limit }

    /// Bytes that are taken by now.
    var inUse: Int { taken.withLock { $0 } }

    /// Takes room for a call; `release` returns it.
    ///
    /// - Parameters:
    ///   - wanted: what the call may hold where there is plenty.
    ///   - bodyLength: bytes, where the client declared them. A short body takes what it needs, once as it comes and once
    ///     as it goes, and is read whole.
    /// - Throws: `overloaded`.
    func take(_ wanted: Room, bodyLength: Int64?) throws(APIError) -> Room {
        var wanted = wanted
        if let bodyLength, bodyLength < wanted.lookahead { wanted.cost = 2 * Int(max(bodyLength, 0)) }
        let room = taken.withLock { taken -> Room? in
            let isPlenty = taken + wanted.cost <= limit / 4
            let room = isPlenty || wanted.cost <= Self.least.cost ? wanted : Self.least
            guard taken + room.cost <= limit else { return nil }
            taken += room.cost
            return room
        }
        guard let room else { throw .overloaded }
        return room
    }

    /// Takes room for a response that is held whole.
    ///
    /// - Parameter mayRefuse: false for the response to a call that has changed something: to refuse that would have the
    ///   caller send it again. It counts all the same.
    /// - Throws: `overloaded`.
    func take(response bytes: Int, mayRefuse: Bool) throws(APIError) {
        let isTaken = taken.withLock { taken in
            guard taken + bytes <= limit || !mayRefuse else { return false }
            taken += bytes
            return true
        }
        if !isTaken { throw .overloaded }
    }

    func release(response bytes: Int) { taken.withLock { $0 -= bytes } }

    func release(_ room: Room) {
        taken.withLock { $0 -= room.cost }
    }
}

/// The bytes of the responses that one call holds whole, as a part of what all calls may hold together.
///
/// They are given back when the call ends: until then mappings work on them.
final class HeldResponses: Sendable {
    /// Bytes that do not count: a call's own memory is of that size.
    static let free = 64 << 10
    /// A response is held as it came, and once more as the document that mappings read.
    private static let copies = 2

    private let inFlight: InFlightBytes
    private let taken = Mutex(0)

    init(_ inFlight: InFlightBytes) { self.inFlight = inFlight }

    deinit { inFlight.release(response: taken.withLock { $0 }) }

    /// - Parameter bytes: that have come since the last time.
    /// - Throws: `overloaded`.
    func hold(_ bytes: Int, mayRefuse: Bool) throws(APIError) {
        try inFlight.take(response: bytes * Self.copies, mayRefuse: mayRefuse)
        taken.withLock { $0 += bytes * Self.copies }
    }
}
