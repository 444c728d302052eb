/// What happens to a write that its caller named by a key, so that it is sent once (Idempotency-Key, docs/wire.md#idempotency).
///
/// A call of several steps keeps what it has done while it is `sending`; a repeat resumes it.
///
/// Legal transitions: leased → sending → done; leased → forgotten (nothing was sent); sending → forgotten (the provider
/// certainly has not got it) | unknown (it may have). `done` and `unknown` last until the key expires.
///
/// `sending` is stored before the first byte leaves: a node that dies later leaves it behind, and without the node's
/// lease it reads as `unknown`.
package struct IdempotencyMachine: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        case leased, sending, done, forgotten, unknown
    }

    /// How a call that holds the key ended.
    package enum Ending: Sendable, Hashable {
        /// The provider's own response, or the gateway's, made of it.
        case answered
        /// Ended by us or by the client in a way after which the provider lacks at least the last byte.
        case refused
        /// Ended with the provider having, perhaps, all of it.
        case uncertain
        /// A call of several steps has some left: what it kept of them stays.
        case unfinished
    }

    /// What to do about an ending.
    package enum Action: Sendable, Hashable {
        case keepResponse, forget, leaveUnknown
    }

    package private(set) var state = State.leased

    package init() {}

    /// A request of the call is about to leave; whether that has to be stored first.
    package mutating func sends() -> Bool {
        guard state == .leased else { return false }
        state = .sending
        return true
    }

    /// Goes on with a call that another node, or an earlier call, left unfinished.
    package mutating func resumes() { state = .sending }

    /// - Parameter bodyIsWhole: whether the caller's body was read to its end, and with it the fingerprint.
    package mutating func ended(_ ending: Ending, bodyIsWhole: Bool) -> Action {
        guard state == .sending else {
            state = .forgotten
            return .forget
        }
        switch (ending, bodyIsWhole) {
        case (.answered, true):
            state = .done
            return .keepResponse
        // A response to half a body refuses it: nothing is stored there, and there is nothing to compare a repeat with.
        case (.answered, false), (.refused, _), (.uncertain, false):
            state = .forgotten
            return .forget
        case (.uncertain, true), (.unfinished, _):
            state = .unknown
            return .leaveUnknown
        }
    }
}
