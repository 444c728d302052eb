/// How far one request and its response have come on a connection: pure, driven by `ExchangeHandler`.
///
/// The upload goes `writing` → `written` (handed to the channel) → `flushed` (the system took the last byte), or from
/// `writing` to `stopped` when the response makes the rest pointless. The response goes `awaited` → `arriving` → `ended`.
/// The two are independent: a response may end while the upload is still being written.
struct ExchangeProgress: Hashable {
    enum Upload: Hashable { case writing, written, flushed, stopped }
    enum Answer: Hashable { case awaited, arriving, ended }

    private(set) var upload = Upload.writing
    private(set) var response = Answer.awaited
    private(set) var headFlushed = false
    private(set) var mayReuse = true

    var phase: UpstreamPhase {
        if response != .awaited { return .answering }
        if upload == .flushed { return .sent }
        return headFlushed ? .sending : .connecting
    }

    mutating func flushedHead() { headFlushed = true }

    mutating func wroteAll() {
        if upload == .writing { upload = .written }
    }

    /// The last byte is on its way; with a known length that is before the end of the body is written.
    mutating func flushedAll() {
        headFlushed = true
        if upload != .stopped { upload = .flushed }
    }

    /// - Returns: whether the rest of the upload is pointless: the provider refused, moved or failed the request
    ///   without having read it. With a 2xx it may be reading on while it responds.
    mutating func receivedHead(status: Int, keepAlive: Bool) -> Bool {
        response = .arriving
        mayReuse = keepAlive
        guard upload == .writing, status >= 300 else { return false }
        return stop()
    }

    /// - Returns: whether an upload has to be stopped, as nobody is left to read it.
    mutating func receivedEnd() -> Bool {
        response = .ended
        // A response that overtook the end of its request may be the last thing this peer has to say.
        if upload != .flushed { mayReuse = false }
        guard upload == .writing else { return false }
        return stop()
    }

    private mutating func stop() -> Bool {
        upload = .stopped
        // The peer still expects the rest of the body: nothing else can be said on this connection.
        mayReuse = false
        return true
    }
}
