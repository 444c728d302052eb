import NIOCore
import Synchronization

/// Keeps the exchanges with one origin to a number, in the order in which they asked.
///
/// Whoever takes a slot gives it back. A waiter is granted a slot, or gives up, under one lock: no slot is lost between.
final class ConnectionSlots: Sendable {
    private struct Waiter {
        let number: UInt64
        let promise: EventLoopPromise<Void>
    }

    private struct Entry {
        var taken = 0
        var waiters: [Waiter] = []
    }

    private struct State {
        var entries: [TargetURL.Origin: Entry] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())
    private let limit: Int
    private let group: any EventLoopGroup

    init(limit: Int, group: any EventLoopGroup) {
        self.limit = max(limit, 1)
        self.group = group
    }

    /// Takes a slot, waiting for one if need be.
    ///
    /// - Throws: `UpstreamError` with code `could_not_connect` or `cancelled`; then no slot was taken.
    func take(_ origin: TargetURL.Origin, within wait: Duration) async throws(UpstreamError) {
        let waiter = state.withLock { state -> Waiter? in
            guard state.entries[origin, default: Entry()].taken >= limit else {
                state.entries[origin, default: Entry()].taken += 1
                return nil
            }
            state.next += 1
            let waiter = Waiter(number: state.next, promise: group.any().makePromise())
            state.entries[origin]?.waiters.append(waiter)
            return waiter
        }
        guard let waiter else { return }
        do {
            try await waiter.promise.value(within: wait) { reason in
                if self.remove(waiter.number, from: origin) { waiter.promise.fail(reason) }
            }
        } catch GaveUp.cancelled {
            throw Failure.cancelled.error(phase: .connecting, isSafe: true)
        } catch {
            throw .couldNotConnect("all \(limit) connections to the provider were busy")
        }
    }

    /// Gives a slot back, to whoever has waited longest.
    func give(_ origin: TargetURL.Origin) {
        let next = state.withLock { state -> Waiter? in
            guard var entry = state.entries[origin] else { return nil }
            let next = entry.waiters.isEmpty ? nil : entry.waiters.removeFirst()
            if next == nil { entry.taken -= 1 }
            state.entries[origin] = entry.taken > 0 ? entry : nil
            return next
        }
        next?.promise.succeed(())
    }

    private func remove(_ number: UInt64, from origin: TargetURL.Origin) -> Bool {
        state.withLock { state in
            guard let index = state.entries[origin]?.waiters.firstIndex(where: { $0.number == number }) else {
                return false
            }
            state.entries[origin]?.waiters.remove(at: index)
            return true
        }
    }

    /// Slots taken and exchanges waiting, for tests and metrics.
    var counts: (taken: Int, waiting: Int) {
        state.withLock { state in
            state.entries.values.reduce((0, 0)) { ($0.0 + $1.taken, $0.1 + $1.waiters.count) }
        }
    }
}
