/// A reading of the log, block by block. Blocks overlap in time, since several nodes write them.
struct CallScan: Sendable {
    enum Order: Sendable, Hashable {
        /// From before a place on, if there is one.
        case newestFirst(before: Position?)
        case oldestFirst(since: Timestamp)
    }

    private let order: Order
    private let limit: Int
    /// The first rows so far, in order, each once; `limit` at most.
    private(set) var calls: [CallRecord] = []

    init(_ order: Order, limit: Int) {
        self.order = order
        self.limit = limit
    }

    mutating func add(_ found: [CallRecord]) {
        var first: [CallRecord] = []
        for call in (calls + found.filter(order.includes)).sorted(by: order.isAscending) where first.count < limit {
            // A block that was written again, as the database's response was lost, has the same rows.
            guard call.createdAt != first.last?.createdAt || call.id != first.last?.id else { continue }
            first.append(call)
        }
        calls = first
    }

    /// Whether no block behind this one, in the order of reading, can change the rows.
    ///
    /// The newest first, blocks are read by their last row's time; the oldest first, by their first one's.
    func isComplete(after block: CallBlock) -> Bool {
        guard calls.count == limit, let last = calls.last else { return false }
        return switch order {
        case .newestFirst: last.createdAt > block.lastAt
        case .oldestFirst: last.createdAt < block.firstAt
        }
    }
}

extension CallScan.Order {
    fileprivate func includes(_ call: CallRecord) -> Bool {
        switch self {
        case .newestFirst(let before?): (call.createdAt, call.id) < (before.createdAt, before.id)
        case .newestFirst(nil): true
        case .oldestFirst(let since): call.createdAt >= since
        }
    }

    fileprivate func isAscending(_ a: CallRecord, _ b: CallRecord) -> Bool {
        switch self {
        case .newestFirst: (a.createdAt, a.id) > (b.createdAt, b.id)
        case .oldestFirst: (a.createdAt, a.id) < (b.createdAt, b.id)
        }
    }
}
