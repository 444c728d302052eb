import Storage

/// Which calls of a growing log have not been shown yet.
///
/// Nodes write their rows up to a second late, so each look goes back a little and leaves out what it has seen.
struct LogTail {
    /// How far back a row may come in late.
    static let overlap: Int64 = 10

    private var newest: Timestamp
    private var shown: [String: Timestamp]

    init(after newest: Timestamp, shown ids: [String]) {
        self.newest = newest
        shown = Dictionary(ids.map { ($0, newest) }, uniquingKeysWith: { a, _ in a })
    }

    /// From when on to read.
    var since: Timestamp { newest.adding(seconds: -Self.overlap) }

    /// Of rows from `since` on, those that are new, in their order.
    mutating func new(_ calls: [CallRecord]) -> [CallRecord] {
        let fresh = calls.filter { shown[$0.id] == nil }
        for call in fresh {
            shown[call.id] = call.createdAt
            newest = max(newest, call.createdAt)
        }
        let oldest = since
        shown = shown.filter { $0.value >= oldest }
        return fresh
    }
}
