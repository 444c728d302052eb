import Synchronization

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
