/// What happens next on a client's connection, decided without sockets.
///
/// Requests are answered one after the other. A request may be answered before its last byte has come: what is left of
/// it is let by, and a connection that ends with the response stays open for that long, for who sends into a closed
/// connection loses the response (RFC 9112 §9.6).
struct ConnectionMachine {
    private enum Incoming {
        case nothing, body, whole
    }

    /// What to do after an event.
    enum Step: Equatable {
        case nothing
        /// Take the next request.
        case next
        /// Let the rest of the request by; with `thenClose`, for a limited time.
        case letBy(thenClose: Bool)
        case close
    }

    private var incoming = Incoming.nothing
    private(set) var isResponding = false
    /// The connection ends with the response under way.
    private(set) var isLast = false

    /// Whether the head of a request can be taken now.
    var mayBegin: Bool { incoming == .nothing && !isResponding && !isLast }

    /// Whether more of the request is to come.
    var isReceiving: Bool { incoming == .body }

    /// Whether all of the request has come.
    var isWhole: Bool { incoming == .whole }

    mutating func begin(keepsAlive: Bool) {
        incoming = .body
        isResponding = true
        isLast = !keepsAlive
    }

    /// The connection ends with the response under way: nothing else tells where that ends.
    mutating func makeLast() { isLast = true }

    /// The request's last byte has come.
    mutating func requestEnded() -> Step {
        guard incoming == .body else { return .nothing }
        incoming = .whole
        return isResponding ? .nothing : turn()
    }

    mutating func answered(closes: Bool) -> Step {
        isResponding = false
        if closes { isLast = true }
        return incoming == .body ? .letBy(thenClose: isLast) : turn()
    }

    /// The client sends no more; it may still wait for a response.
    mutating func inputEnded() -> Step {
        isLast = true
        incoming = .nothing
        return isResponding ? .nothing : .close
    }

    /// The gateway goes down.
    mutating func quiesce() -> Step {
        isLast = true
        return isResponding || incoming == .body ? .nothing : .close
    }

    private mutating func turn() -> Step {
        incoming = .nothing
        return isLast ? .close : .next
    }
}
