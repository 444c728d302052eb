/// A cache bounded by what its entries weigh: above its limit those longest unused make room, a quarter of it at a time.
struct PlanCache<Key: Hashable & Sendable, Value: Sendable> {
    private struct Entry {
        var value: Value
        var cost: Int
        var used: UInt64
    }

    /// Bytes.
    let limit: Int
    /// Bytes of all entries.
    private(set) var cost = 0
    private var entries: [Key: Entry] = [:]
    private var clock: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { entries.count }

    subscript(key: Key) -> Value? {
        mutating get {
            guard let place = entries.index(forKey: key) else { return nil }
            clock += 1
            entries.values[place].used = clock
            return entries.values[place].value
        }
    }

    /// - Parameter cost: bytes. One above the limit is kept as the only entry.
    mutating func put(_ value: Value, _ key: Key, cost: Int) {
        remove(key)
        clock += 1
        entries[key] = Entry(value: value, cost: cost, used: clock)
        self.cost += cost
        if self.cost > limit { shrink(keeping: key) }
    }

    mutating func removeAll(where isGone: (Key) -> Bool) {
        for key in entries.keys where isGone(key) { remove(key) }
    }

    private mutating func remove(_ key: Key) {
        guard let entry = entries.removeValue(forKey: key) else { return }
        cost -= entry.cost
    }

    private mutating func shrink(keeping newest: Key) {
        for (key, _) in entries.sorted(by: { $0.value.used < $1.value.used }) where key != newest {
            if cost <= limit / 4 * 3 { return }
            remove(key)
        }
    }
}
