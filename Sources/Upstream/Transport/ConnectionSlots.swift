import NIOCore
import Synchronization

/// Keeps the exchanges with one origin to a number, and to the shares of those who make them (`SlotTable` decides).
///
/// Whoever takes a slot gives it back. A waiter is granted a slot, or gives up, under one lock: no slot is lost between.
final class ConnectionSlots: Sendable {
    /// A place among the exchanges with an origin.
    struct Slot: Sendable {
        let origin: TargetURL.Origin
        let number: UInt64
    }

    private struct State {
        var tables: [TargetURL.Origin: SlotTable] = [:]
        var waiting: [UInt64: EventLoopPromise<Void>] = [:]
        /// How to end the exchange that has a slot, where it can be ended.
        var ends: [UInt64: @Sendable () -> Void] = [:]
        var next: UInt64 = 0
    }

    /// Tables that are kept while nobody uses them: the same few origins are called again and again.
    private static let keptTables = 64

    private let state = Mutex(State())
    private let limit: Int
    private let shares: ConnectionShares
    private let patience: Duration
    private let group: any EventLoopGroup

    /// - Parameter patience: how long a waiter waits before those above their shares have to give way.
    init(
        limit: Int, shares: ConnectionShares = ConnectionShares(), patience: Duration = .seconds(1),
        group: any EventLoopGroup
    ) {
        self.limit = max(limit, 1)
        self.shares = shares
        self.patience = patience
        self.group = group
    }

    /// Takes a slot, waiting for one if need be.
    ///
    /// - Throws: `UpstreamError` with code `provider_busy` or `cancelled`; then no slot was taken.
    func take(
        _ origin: TargetURL.Origin, for tenant: Tenant? = nil, within wait: Duration
    ) async throws(UpstreamError) -> Slot {
        let (slot, promise) = state.withLock { state -> (Slot, EventLoopPromise<Void>?) in
            state.next += 1
            let slot = Slot(origin: origin, number: state.next)
            if state.tables[origin, default: table].take(slot.number, for: tenant) { return (slot, nil) }
            let promise = group.any().makePromise(of: Void.self)
            state.waiting[slot.number] = promise
            return (slot, promise)
        }
        guard let promise else { return slot }
        let pressing = promise.futureResult.eventLoop.scheduleTask(in: TimeAmount(patience)) { self.press(slot.origin, for: slot.number) }
        defer { pressing.cancel() }
        do {
            try await promise.value(within: wait) { reason in
                if self.stopWaiting(slot) { promise.fail(reason) }
            }
            return slot
        } catch GaveUp.cancelled {
            throw Failure.cancelled.error(phase: .connecting, isSafe: true)
        } catch {
            throw .providerBusy("all \(limit) connections to the provider were in use")
        }
    }

    private var table: SlotTable { SlotTable(limit: limit, shares: shares) }

    /// Says how the exchange that has a slot is ended, should it have to give way.
    func whenOwed(_ slot: Slot, _ end: @escaping @Sendable () -> Void) {
        state.withLock { $0.ends[slot.number] = end }
    }

    /// Gives a slot back; it goes to whoever is next.
    func give(_ slot: Slot) {
        let next = state.withLock { state -> EventLoopPromise<Void>? in
            state.ends[slot.number] = nil
            guard let at = state.tables.index(forKey: slot.origin) else { return nil }
            let next = state.tables.values[at].give(slot.number)
            if state.tables.values[at].isUnused, state.tables.count > Self.keptTables { state.tables.remove(at: at) }
            return next.flatMap { state.waiting.removeValue(forKey: $0) }
        }
        next?.succeed(())
    }

    /// Has the oldest exchange of somebody above their shares give way to a waiter below its own.
    ///
    /// One that cannot be ended any more, as its outcome would be unknown, is passed over for the next.
    private func press(_ origin: TargetURL.Origin, for waiter: UInt64?) {
        let end = state.withLock { state -> (@Sendable () -> Void)? in
            while let owed = state.tables[origin]?.press(for: waiter) {
                if let end = state.ends[owed] { return end }
            }
            return nil
        }
        end?()
    }

    /// The exchange of a slot could not be ended: another has to give way in its place.
    func couldNotEnd(_ slot: Slot) { press(slot.origin, for: nil) }

    private func stopWaiting(_ slot: Slot) -> Bool {
        state.withLock { state in
            guard state.tables[slot.origin]?.remove(waiter: slot.number) == true else { return false }
            state.waiting[slot.number] = nil
            if state.tables[slot.origin]?.isUnused == true { state.tables[slot.origin] = nil }
            return true
        }
    }

    /// Slots taken and exchanges waiting, for tests and metrics.
    var counts: (taken: Int, waiting: Int) {
        state.withLock { state in
            state.tables.values.reduce((0, 0)) { ($0.0 + $1.counts.taken, $0.1 + $1.counts.waiting) }
        }
    }
}
