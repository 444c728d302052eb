import Storage

/// Rows of the log that wait to be written: bounded, so that a database that is away costs rows and not memory.
struct CallQueue: Sendable {
    private var rows: [CallRecord] = []
    private(set) var dropped = 0
    let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { rows.count }

    mutating func append(_ row: CallRecord) {
        guard rows.count < capacity else { return dropped += 1 }
        rows.append(row)
    }

    /// Up to `limit` rows, the oldest first.
    mutating func take(_ limit: Int) -> [CallRecord] {
        let taken = Array(rows.prefix(limit))
        rows.removeFirst(taken.count)
        return taken
    }

    /// Rows that could not be written wait again, before those that came meanwhile; what has no room is dropped.
    mutating func putBack(_ taken: [CallRecord]) {
        let room = max(capacity - rows.count, 0)
        rows.insert(contentsOf: taken.suffix(room), at: 0)
        dropped += max(taken.count - room, 0)
    }
}
