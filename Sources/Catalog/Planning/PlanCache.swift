/// A bounded cache: above its limit the entries longest unused make room, a quarter at a time.
struct PlanCache<Value: Sendable> {
    let limit: Int
    private var entries: [String: (value: Value, used: UInt64)] = [:]
    private var clock: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { entries.count }

    subscript(key: String) -> Value? {
        mutating get {
            clock += 1
            entries[key]?.used = clock
            return entries[key]?.value
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
