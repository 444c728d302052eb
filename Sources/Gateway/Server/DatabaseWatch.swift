import Synchronization
import Unified

/// Knows whether the database responds, so that not every call has to find out, by waiting, for itself.
final class DatabaseWatch: Sendable {
    private enum Known { case nothing, up, down }

    private struct State {
        var known = Known.nothing
        /// Questions that are not settled.
        var asking = 0
    }

    private let ping: @Sendable () async throws -> Void
    private let interval: Duration
    private let patience: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - interval: between two questions.
    ///   - patience: how long a response may take before the database counts as down.
    ///   - ping: returns once the database has answered; it may take longer than anybody waits.
    init(
        interval: Duration = .seconds(1), patience: Duration = .seconds(2),
        ping: @escaping @Sendable () async throws -> Void
    ) {
        self.ping = ping
        self.interval = interval
        self.patience = patience
    }

    /// Asks again and again, until it is cancelled.
    func run() async {
        while !Task.isCancelled {
            await ask()
            try? await Task.sleep(for: interval)
        }
    }

    /// - Throws: `storage_unavailable` while the database is known not to respond.
    func check() throws(APIError) {
        if state.withLock({ $0.known }) == .down { throw .databaseUnavailable }
    }

    /// As `check`, and asks where nothing is known yet.
    func checkReady() async throws(APIError) {
        if state.withLock({ $0.known }) == .nothing { await ask() }
        try check()
    }

    /// Asks once. Returns when the question is settled, so that there is never more than one.
    private func ask() async {
        state.withLock { $0.asking += 1 }
        let late = Task { [self] in
            guard (try? await Task.sleep(for: patience)) != nil else { return }
            state.withLock { if $0.asking > 0 { $0.known = .down } }
        }
        let isUp: Bool
        do {
            try await ping()
            isUp = true
        } catch {
            isUp = false
        }
        late.cancel()
        state.withLock { state in
            state.asking -= 1
            state.known = isUp ? .up : .down
        }
    }
}
