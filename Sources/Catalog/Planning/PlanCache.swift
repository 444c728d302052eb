/// A bounded cache: above its limit the entries longest unused make room, a quarter at a time.
struct PlanCache<Key: Hashable & Sendable, Value: Sendable> {
    let limit: Int
    private var entries: [Key: (value: Value, used: UInt64)] = [:]
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
        set {
            clock += 1
            entries[key] = newValue.map { ($0, clock) }
            if entries.count > limit { shrink() }
        }
    }

    private mutating func shrink() {
        let oldest = entries.sorted { $0.value.used < $1.value.used }.prefix(max(1, limit / 4))
        for (key, _) in oldest { entries[key] = nil }
    }
}
