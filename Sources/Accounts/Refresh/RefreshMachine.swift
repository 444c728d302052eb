import JSON
import Storage

/// Decides how one account gets fresh credentials; does nothing itself.
///
/// ```
/// reading ─ fresh ─────────────────────────────────────────────► done(fresh)
///    │ └── cannot be refreshed ────────────────────────────────► done(cannot)
///    ▼
/// acquiring ─ another holds it ─► waiting ─► reading
///    │ held
///    ▼
/// rereading ─ fresh ───────────────────────────────────────────► done(fresh)
///    ▼
/// calling ─ no usable response ─► pausing ─► calling, a few times ► done(failed)
///    │ │ └─ dead ─► judging ─ version has changed ─────────────► done(fresh)
///    │ │                └─ it is ours still ─► burying ─────────► done(dead)
///    │ └── refused for another reason ──────────────────────────► done(failed)
///    ▼ tokens
/// storing ─ stored ────────────────────────────────────────────► done(refreshed)
///    │ └── version has changed: a person connected anew ────────► done(fresh)
///    └── the database does not respond ─► keeping ─► storing, for as long as it takes
/// ```
/// Tokens that the provider has given out are never dropped: with a rotating refresh token they are the only ones.
struct RefreshMachine {
    /// Why fresh credentials are wanted.
    enum RefreshReason: Sendable, Hashable {
        /// The access token ends within that many seconds.
        case endsWithin(Int64)
        /// The provider refused the credentials of this version.
        case refused(version: Int64)
        /// Someone asked for it: anything newer than this version will do.
        case newerThan(version: Int64)
    }

    /// What the database says about the account.
    struct Snapshot: Sendable, Hashable {
        var version: Int64
        /// Nil where the token does not say.
        var secondsLeft: Int64?
        var canRefresh: Bool
    }

    enum TokenResult: Sendable, Hashable {
        case tokens
        case dead(OAuthFailure)
        case refused(OAuthFailure)
        case noResponse(OAuthFailure)
    }

    enum Event: Sendable, Hashable {
        case read(Snapshot)
        case acquired(Bool)
        case waited
        case answered(TokenResult)
        /// Whether the stored version was still the one that was read.
        case stored(Bool)
        case storeFailed
        case buried(Bool)
    }

    enum Outcome: Sendable, Hashable {
        case refreshed
        case fresh
        case cannot
        case dead(OAuthFailure)
        case failed(OAuthFailure)
    }

    enum Action: Sendable, Hashable {
        case read
        case acquire
        case wait(milliseconds: Int)
        case call
        case store(ifVersion: Int64)
        case bury(OAuthFailure, ifVersion: Int64)
        case finish(Outcome)
    }

    private enum State {
        case reading, acquiring, waiting
        case rereading
        case calling(version: Int64), pausing(version: Int64)
        case judging(OAuthFailure, version: Int64), burying(OAuthFailure)
        case storing(version: Int64), keeping(version: Int64)
        case done
    }

    private let need: RefreshReason
    private let mostCalls: Int
    private var state = State.reading
    private var calls = 0
    private var waits = 0

    init(need: RefreshReason, mostCalls: Int = 3) {
        self.need = need
        self.mostCalls = mostCalls
    }

    var start: Action { .read }

    mutating func next(_ event: Event) -> Action {
        switch (state, event) {
        case (.reading, .read(let snapshot)):
            if let end = settled(snapshot) { return end }
            state = .acquiring
            return .acquire
        case (.acquiring, .acquired(false)):
            state = .waiting
            return wait(50, most: 400)
        case (.waiting, .waited):
            state = .reading
            return .read
        case (.acquiring, .acquired(true)):
            state = .rereading
            return .read
        case (.rereading, .read(let snapshot)):
            if let end = settled(snapshot) { return end }
            return call(snapshot.version)
        case (.calling(let version), .answered(let verdict)): return answered(verdict, version)
        case (.pausing(let version), .waited): return call(version)
        case (.judging(let failure, let version), .read(let snapshot)):
            // Another one may have been quicker, with a lease that this one had lost, or a person.
            if snapshot.version != version { return finish(.fresh) }
            state = .burying(failure)
            return .bury(failure, ifVersion: version)
        case (.burying(let failure), .buried(let isOurs)): return finish(isOurs ? .dead(failure) : .fresh)
        case (.storing, .stored(let isOurs)): return finish(isOurs ? .refreshed : .fresh)
        case (.storing(let version), .storeFailed):
            state = .keeping(version: version)
            return wait(100, most: 2000)
        case (.keeping(let version), .waited):
            state = .storing(version: version)
            return .store(ifVersion: version)
        default:
            return finish(.failed(OAuthFailure("internal_error", "the refresh took an unforeseen turn")))
        }
    }

    private mutating func call(_ version: Int64) -> Action {
        calls += 1
        state = .calling(version: version)
        return .call
    }

    private mutating func answered(_ verdict: TokenResult, _ version: Int64) -> Action {
        switch verdict {
        case .tokens:
            waits = 0
            state = .storing(version: version)
            return .store(ifVersion: version)
        case .dead(let failure):
            state = .judging(failure, version: version)
            return .read
        case .refused(let failure): return finish(.failed(failure))
        case .noResponse(let failure):
            guard calls < mostCalls else { return finish(.failed(failure)) }
            state = .pausing(version: version)
            return wait(200, most: 2000)
        }
    }

    /// Doubles from `first` on.
    private mutating func wait(_ first: Int, most: Int) -> Action {
        waits += 1
        return .wait(milliseconds: min(most, first << min(waits - 1, 10)))
    }

    private mutating func settled(_ snapshot: Snapshot) -> Action? {
        let isFresh =
            switch need {
            case .endsWithin(let seconds): snapshot.secondsLeft.map { $0 > seconds } ?? true
            case .refused(let version), .newerThan(let version): snapshot.version > version
            }
        if isFresh { return finish(.fresh) }
        return snapshot.canRefresh ? nil : finish(.cannot)
    }

    private mutating func finish(_ outcome: Outcome) -> Action {
        state = .done
        return .finish(outcome)
    }
}

extension ResolvedAccount {
    /// Seconds until the access token ends; nil where nothing says when.
    func secondsLeft(at now: Timestamp) -> Int64? {
        guard let text = context.exposed()[["oauth", "token", "expires_at"][...]]?.string, let end = Timestamp(text)
        else { return nil }
        return (end.millisecondsSinceEpoch - now.millisecondsSinceEpoch) / 1000
    }

    var accessToken: Secret<String>? { token("access_token") }

    var refreshToken: Secret<String>? { token("refresh_token") }

    private func token(_ name: String) -> Secret<String>? {
        guard let text = context.exposed()[["oauth", "token", name][...]]?.string, !text.isEmpty else { return nil }
        return Secret(text)
    }
}

extension RefreshMachine.Snapshot {
    /// - Parameter hasMeans: whether there is something to get fresh credentials with.
    init(
        _ account: ResolvedAccount, of subject: RefreshSubject, hasMeans: Bool, _ need: RefreshMachine.RefreshReason,
        at now: Timestamp
    ) {
        version = account.credentialsVersion
        secondsLeft = account.secondsLeft(of: subject, at: now)
        // One that was given up is tried again only when someone asks for it, or every call would ask the provider.
        canRefresh = hasMeans && (need.isExplicit || account.account.status != .needsReauth)
    }
}

extension RefreshMachine.RefreshReason {
    /// Whether someone asked for it, and not a call that needed it.
    var isExplicit: Bool {
        if case .newerThan = self { true } else { false }
    }

    func isMet(by account: ResolvedAccount, of subject: RefreshSubject, at now: Timestamp) -> Bool {
        switch self {
        case .endsWithin(let seconds): account.secondsLeft(of: subject, at: now).map { $0 > seconds } ?? true
        case .refused(let version), .newerThan(let version): account.credentialsVersion > version
        }
    }
}
