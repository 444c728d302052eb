import HTTPTypes
import Synchronization

/// The requests a sandbox has received, oldest first.
final class Journal: Sendable {
    /// Older ones are forgotten.
    static let capacity = 50_000

    private struct State {
        var nextID = 1
        var kept: [Exchange] = []
        /// Between the head's arrival on the connection and its handler's start.
        var arriving: [Int: Exchange] = [:]
    }

    private let state = Mutex(State())

    /// Makes an exchange with the next id; `isKept` is false for the controls' own requests.
    func begin(isKept: Bool, _ make: (Int) -> Exchange) -> Exchange {
        state.withLock { state in
            let exchange = make(state.nextID)
            state.nextID += 1
            state.arriving[exchange.id] = exchange
            if isKept {
                if state.kept.count >= Self.capacity { state.kept.removeFirst(Self.capacity / 10) }
                state.kept.append(exchange)
            }
            return exchange
        }
    }

    /// Hands the exchange to its handler, once.
    func claim(_ id: Int) -> Exchange? {
        state.withLock { $0.arriving.removeValue(forKey: id) }
    }

    var exchanges: [Exchange] { state.withLock { $0.kept } }

    func clear() { state.withLock { $0.kept = [] } }
}
