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
        /// nil for an account that is not stored: its credentials cannot be renewed.
        var account: ResolvedAccount?
        var standing = Standing.given
    }

    private let keeper: CredentialManager
    /// The call, as it is noted where the provider forbids it.
    private let call: ForbiddenCall
    private let state: Mutex<State>

    init(_ account: ResolvedAccount?, for call: ForbiddenCall, keeper: CredentialManager) {
        self.call = call
        self.keeper = keeper
        state = Mutex(State(account: account))
    }

    /// A context with newer credentials, after the provider refused those of the call; nil where there are none.
    func renew() async -> JSONObject? {
        guard begin(), let account, let newer = await keeper.replacement(for: account) else { return nil }
        state.withLock { state in
            state.account = newer
            state.standing = .renewed
        }
        return newer.context.exposed()
    }

    /// The call ends with the provider's 401. Whether the next one has better prospects.
    func refused() async -> Bool {
        if begin() {
            guard let account else { return false }
            return await keeper.replacement(for: account) != nil
        }
        let isRenewed = state.withLock { state in
            guard state.standing == .renewed else { return false }
            state.standing = .givenUp
            return true
        }
        if isRenewed, let account { await keeper.rejected(account) }
        return false
    }

    /// The provider took the credentials, and carried the call out.
    func accepted() async {
        if let account { await keeper.accepted(account, call) }
    }

    /// The provider took the credentials, and forbade the call.
    func forbidden() async {
        if let account { await keeper.forbidden(account, call) }
    }

    /// The texts of the secrets that the call was or is made with.
    var secretTexts: [String] { account?.secretTexts ?? [] }

    private var account: ResolvedAccount? { state.withLock(\.account) }

    /// Whether the caller is the first to ask for newer credentials.
    private func begin() -> Bool {
        state.withLock { state in
            guard state.standing == .given else { return false }
            state.standing = .asked
            return true
        }
    }
}
