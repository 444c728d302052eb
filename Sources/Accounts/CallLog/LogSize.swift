/// When the rows of the log are to be counted, which looks at every entry of an index.
///
/// Between two counts it is enough to know how many rows this node has added: others are counted an hour later at the latest.
struct LogSize: Sendable {
    private static let longest = Duration.seconds(3600)

    /// Rows at the last count, and those that this node has added since; nil before the first count.
    private var known: Int?
    /// By the uptime.
    private var counted: Duration?

    mutating func added(_ rows: Int) { known? += rows }

    mutating func counted(_ rows: Int, at now: Duration) {
        (known, counted) = (rows, now)
    }

    mutating func removed(_ rows: Int) { known? -= rows }

    /// Whether there may be more rows than `most`.
    func isToBeCounted(most: Int, at now: Duration) -> Bool {
        guard let known, let counted else { return true }
        return known > most || now - counted >= Self.longest
    }

    /// How many of `rows` go: beyond `most` a hundredth of it more, so that the next count is not due with the next row.
    static func excess(_ rows: Int, most: Int) -> Int { rows > most ? rows - (most - most / 100) : 0 }
}
