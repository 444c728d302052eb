/// Reads a list on, page by page, while the gateway drops records: pure, a part of `CallMachine`.
///
/// A call ends when it has as many records as its `limit` asks for (without one, as many as the provider's first page held),
/// at the list's end, or after `maxPages` pages or when its time is over, with what it has. Where a provider's page holds
/// more records than the `limit` leaves room for, the cursor names that page again, and how many of its records have been
/// handed over.
struct FilteredPaging: Sendable {
    /// Pages of the provider that one call reads at most.
    static let maxPages = 20

    private let conditions: [FilterCondition]
    private let asked: Int?
    private var enough: Int?
    /// Records that an earlier response held, of the pages to come.
    private var skip: Int
    private var pages = 0

    /// - Parameter skip: of the cursor.
    init(_ conditions: [FilterCondition], asked: Int?, skip: Int) {
        self.conditions = conditions
        self.asked = asked
        self.skip = skip
        enough = asked
    }

    /// Takes a provider's page: leaves the records that pass and have room.
    ///
    /// - Parameter count: records that the call has already.
    /// - Returns: how many of this page's records are handed over, where there is no room for all that pass.
    mutating func take(_ records: inout [MappedRecord], have count: Int) -> Int? {
        pages += 1
        if enough == nil { enough = max(records.count, 1) }
        let passing = records.filter { record in conditions.allSatisfy { $0.passes(record) } }
        let skipped = min(skip, passing.count)
        skip -= skipped
        let room = asked.map { max($0 - count, 0) } ?? passing.count
        records = Array(passing.dropFirst(skipped).prefix(room))
        let taken = skipped + records.count
        return taken < passing.count ? taken : nil
    }

    /// Whether `count` records are too few, and another page may be read.
    func readsOn(after count: Int) -> Bool { isShort(count) && pages < Self.maxPages }

    func isShort(_ count: Int) -> Bool { enough.map { count < $0 } ?? true }
}
