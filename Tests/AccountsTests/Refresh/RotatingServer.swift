import JSON
import Synchronization

@testable import Accounts

/// A token endpoint that gives a new refresh token with each response, and ends the whole family when an old one comes
/// back (RFC 9700 §4.14.2).
final class RotatingServer: Sendable {
    private struct State {
        var current = 0
        var calls = 0
        var isRevoked = false
        /// Answers for the next calls, before the real ones; nil for none at all.
        var script: [TokenResponse?] = []
    }

    private let state = Mutex(State())
    var calls: Int { state.withLock { $0.calls } }
    var isRevoked: Bool { state.withLock { $0.isRevoked } }

    struct NoAnswer: Error {}

    func next(_ script: TokenResponse?...) { state.withLock { $0.script += script } }
    func revoke() { state.withLock { $0.isRevoked = true } }

    func response(_ request: TokenRequest) throws -> TokenResponse {
        let body = String(decoding: request.body.exposed(), as: UTF8.self)
        return try state.withLock { state in
            state.calls += 1
            if !state.script.isEmpty {
                guard let scripted = state.script.removeFirst() else { throw NoAnswer() }
                return scripted
            }
            guard body.contains("refresh_token=r\(state.current)&"), !state.isRevoked else {
                state.isRevoked = true
                return .json(400, #"{"error":"invalid_grant","error_description":"The token was used"}"#)
            }
            state.current += 1
            let text = #"{"access_token":"a\#(state.current)","refresh_token":"r\#(state.current)","expires_in":3600}"#
            return .json(200, text)
        }
    }
}

extension TokenResponse {
    static func json(_ status: Int, _ text: String) -> Self {
        Self(status: status, body: Secret(Array(text.utf8)))
    }
}
