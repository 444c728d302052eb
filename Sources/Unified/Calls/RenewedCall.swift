import Catalog
import Synchronization

/// The course of a call after its credentials were renewed on the way: made once, by whoever finds out first.
final class RenewedCall: Sendable {
    private let state = Mutex<(progress: CallProgress, request: OutgoingRequest)?>(nil)

    func set(_ progress: CallProgress, _ request: OutgoingRequest) { state.withLock { $0 = (progress, request) } }

    /// nil where nothing was renewed.
    var value: (progress: CallProgress, request: OutgoingRequest)? { state.withLock { $0 } }
}
