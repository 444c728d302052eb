import Synchronization
import Unified

/// Whether the gateway is on its way down: calls under way end, new ones are sent elsewhere.
final class Draining: Sendable {
    private let hasBegun = Mutex(false)

    var isUnderWay: Bool { hasBegun.withLock { $0 } }

    func begin() { hasBegun.withLock { $0 = true } }

    /// - Throws: `draining`, for a call that came over a connection from before.
    func check() throws(APIError) {
        guard isUnderWay else { return }
        throw APIError(.draining, "The gateway is going down").header("retry-after", "1")
    }
}
