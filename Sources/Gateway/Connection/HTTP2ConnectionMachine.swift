import NIOHTTP2

/// When an HTTP/2 connection ends, decided without sockets.
///
/// Before the gateway goes down it asks the client to open no more streams. The connection stays until the client has
/// surely seen that and its streams have ended.
struct HTTP2ConnectionMachine {
    /// What to do after an event.
    enum Step: Equatable {
        case nothing
        /// Nothing is carried: the connection may stay for a while.
        case idle
        /// Ask the client for a sign that it has read what was sent so far.
        case ask
        /// Say which stream was the last one, and close.
        case close
    }

    private var openStreams = 0
    /// The newest stream that was taken.
    private(set) var lastStream = HTTP2StreamID.rootStream
    private var isDraining = false
    private var hasSeen = false
    private var isClosing = false

    mutating func opened(_ id: HTTP2StreamID) {
        openStreams += 1
        lastStream = max(lastStream, id)
    }

    mutating func closed() -> Step {
        openStreams -= 1
        guard openStreams == 0 else { return .nothing }
        return hasSeen ? close() : .idle
    }

    /// Nothing was carried for as long as that may be.
    mutating func idled() -> Step { openStreams == 0 ? close() : .nothing }

    /// The gateway goes down.
    mutating func quiesce() -> Step {
        guard !isDraining else { return .nothing }
        isDraining = true
        return .ask
    }

    /// The client has read what it was sent before, or has had the time to.
    mutating func seen() -> Step {
        guard isDraining else { return .nothing }
        hasSeen = true
        return openStreams == 0 ? close() : .nothing
    }

    private mutating func close() -> Step {
        guard !isClosing else { return .nothing }
        isClosing = true
        return .close
    }
}
