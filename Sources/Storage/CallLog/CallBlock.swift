/// Rows of the log of calls as they are stored: those of one write in one row of the table.
///
/// A row each, with an index for each way to read it, took ten times the work of what it logs.
struct CallBlock: Sendable, Hashable {
    var firstAt: Timestamp
    var lastAt: Timestamp
    /// The last row's id; unique together with `lastAt`.
    var id: String
    var count: Int64
    var body: CallLines

    /// - Parameter calls: at least one.
    init(_ calls: [CallRecord]) {
        let times = calls.map(\.createdAt)
        firstAt = times.min() ?? Timestamp(millisecondsSinceEpoch: 0)
        lastAt = times.max() ?? firstAt
        id = calls.last?.id ?? ""
        count = Int64(calls.count)
        body = CallLines(calls)
    }
}

extension CallBlock: SQLRecord {
    static let table = "call_blocks"
    static let columns = ["first_at", "last_at", "id", "calls", "body"]

    init(row: inout SQLRow) throws(StorageError) {
        firstAt = try row.time()
        lastAt = try row.time()
        id = try row.text()
        count = try row.integer()
        body = CallLines(text: try row.text())
    }

    var values: [SQLValue] { [SQLValue(firstAt), SQLValue(lastAt), .text(id), .integer(count), .text(body.text)] }
}
