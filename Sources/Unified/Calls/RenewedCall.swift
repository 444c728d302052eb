import Catalog
import Synchronization

/// The course of a call after its credentials were renewed on the way: made once, by whoever finds out first.
final class RenewedCall: Sendable {
    private let state = Mutex<(machine: CallMachine, request: OutgoingRequest)?>(nil)

    func set(_ machine: CallMachine, _ request: OutgoingRequest) { state.withLock { $0 = (machine, request) } }

    /// nil where nothing was renewed.
    var value: (machine: CallMachine, request: OutgoingRequest)? { state.withLock { $0 } }
}
