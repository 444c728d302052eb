import Catalog
import JSON
import Synchronization

/// How far a call has come: its machine, and what that wants done.
///
/// An object, for the machine is large, and each step and each renewal of credentials begins with it.
final class CallProgress: Sendable {
    let machine: CallMachine
    let action: CallMachine.Action
    /// What the machine says, so that nobody copies it only to ask.
    let isMainCall: Bool
    let callerBody: JSONObject?
    let dropsRemoteData: Bool

    private init(_ machine: CallMachine, _ action: CallMachine.Action) {
        isMainCall = machine.isMainCall
        callerBody = machine.callerBody
        dropsRemoteData = machine.dropsRemoteData
        self.machine = machine
        self.action = action
    }

    convenience init(_ plan: MethodPlan, _ scope: CallInput) throws {
        var machine = CallMachine(plan, scope)
        let action = try machine.start()
        self.init(consume machine, consume action)
    }

    /// What comes after a response; `learn` first tells the machine what has become known.
    func received(_ response: ProviderResponse, _ learn: (inout CallMachine) throws -> Void = { _ in }) throws -> CallProgress {
        var next = machine
        try learn(&next)
        let action = try next.received(response)
        return CallProgress(consume next, consume action)
    }

    /// The same step with other credentials, and the request that is to be sent with them.
    func renewed(context: JSONObject, _ planned: PlannedCall) throws -> (progress: CallProgress, request: OutgoingRequest?) {
        var next = machine
        let request = try next.renewed(context: context)
        return (CallProgress(next, request.map { .send($0, planned) } ?? action), request)
    }
}

/// The course of a call after its credentials were renewed on the way: made once, by whoever finds out first.
final class RenewedCall: Sendable {
    private let state = Mutex<(progress: CallProgress, request: OutgoingRequest)?>(nil)

    func set(_ progress: CallProgress, _ request: OutgoingRequest) { state.withLock { $0 = (progress, request) } }

    /// nil where nothing was renewed.
    var value: (progress: CallProgress, request: OutgoingRequest)? { state.withLock { $0 } }
}

/// A provider call and its response; an object, since it is kept in several places.
final class CompletedCall: Sendable {
    let request: OutgoingRequest
    let response: ProviderResponse

    init(_ request: OutgoingRequest, _ response: ProviderResponse) {
        self.request = request
        self.response = response
    }
}
