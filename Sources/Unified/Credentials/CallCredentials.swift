import Accounts
import JSON
import Synchronization

/// The credentials of one unified call, which may be renewed once on its way.
///
/// ```
/// given ─ 401, the body can be sent twice ─► asked ─ newer ones ─► renewed ─ 401 ─► given up
///    └─── 401, it cannot ──────────────────► asked, for the next call
/// ```
final class CallCredentials: Sendable {
    private enum Standing {
        case given, asked, renewed, givenUp
    }

    private struct State {
        var account: CallAccount
        var standing = Standing.given
        /// Whether the call has been told of the renewed ones.
        var isTaken = true
    }

    private let keeper: CredentialKeeper
    private let state: Mutex<State>

    init(_ account: CallAccount, keeper: CredentialKeeper) {
        self.keeper = keeper
        state = Mutex(State(account: account))
    }

    /// A context with newer credentials, after the provider refused those of the call; nil where there are none.
    func renew() async -> JSONObject? {
        guard let account = begin(), let stored = account.stored, let newer = await keeper.replacement(for: stored)
        else { return nil }
        return state.withLock { state in
            state.account.context = newer.context.exposed()
            state.account.stored = newer
            state.standing = .renewed
            state.isTaken = false
            return state.account.context
        }
    }

    /// The renewed context, once, for what the call still has to send.
    func takeRenewed() -> JSONObject? {
        state.withLock { state in
            guard !state.isTaken else { return nil }
            state.isTaken = true
            return state.account.context
        }
    }

    /// The call ends with the provider's 401. Whether the next one has better prospects.
    func refused() async -> Bool {
        if let account = begin() {
            guard let stored = account.stored else { return false }
            return await keeper.replacement(for: stored) != nil
        }
        let refused = state.withLock { state -> CallAccount? in
            guard state.standing == .renewed else { return nil }
            state.standing = .givenUp
            return state.account
        }
        if let stored = refused?.stored { await keeper.rejected(stored) }
        return false
    }

    /// The provider took the credentials.
    func accepted() async {
        guard let stored = state.withLock({ $0.account.stored }) else { return }
        await keeper.accepted(stored)
    }

    /// The account, for whoever is the first to ask for newer credentials.
    private func begin() -> CallAccount? {
        state.withLock { state in
            guard state.standing == .given else { return nil }
            state.standing = .asked
            return state.account
        }
    }
}
