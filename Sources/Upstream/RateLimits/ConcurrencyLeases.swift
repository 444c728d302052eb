/// Who has a call under way, among all nodes: for each the moment at which it no longer counts unless its node says that
/// it still goes on.
///
/// Moments are microseconds since 1970 on a clock that is the same for all nodes, each in use once.
struct ConcurrencyLeases: Sendable, Hashable {
    private(set) var moments: [Int64]

    /// Without those that have lapsed, as those of a node that is gone do.
    init(_ moments: [Int64], at now: Int64) { self.moments = moments.filter { $0 > now } }

    /// - Returns: the moment to renew or give back; nil where there are as many as may be.
    mutating func take(limit: Int, until moment: Int64) -> Int64? {
        guard moments.count < limit else { return nil }
        return add(moment)
    }

    /// Goes on with a call, whether or not its lease has lapsed: it is under way.
    mutating func renew(_ held: Int64, until moment: Int64) -> Int64 {
        give(held)
        return add(moment)
    }

    mutating func give(_ held: Int64) { moments.removeAll { $0 == held } }

    private mutating func add(_ moment: Int64) -> Int64 {
        var free = moment
        while moments.contains(free) { free += 1 }
        moments.append(free)
        return free
    }
}
