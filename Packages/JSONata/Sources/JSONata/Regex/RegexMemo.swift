/// What one run of a pattern has found out about the subject: where the stretch that it covers ends.
///
/// The run is asked again at each position that a match may begin at, and again when something before it gives way. From
/// every position inside the stretch the response is the same, so that it is looked for once. Without this, patterns such as
/// `<.*?>` or `\s+$` take quadratic time on subjects that they do not match.
struct RegexMemo {
    /// Runs behind these have no memo. They are charged for what they scan.
    static let most = 16
    static let none = UInt8.max

    /// The stretch: positions `from...stop`. Nothing is known where `from` is above `stop`.
    var from: Int32 = 1
    var stop: Int32 = 0
    /// For a lazy run with a hint, whether the hint stands at `stop`. For a greedy one, whether the hint stands nowhere from
    /// `barren` to `stop`.
    var found = false
    var barren: Int32 = .max

    @inline(__always) func covers(_ at: Int) -> Bool { at >= Int(from) && at <= Int(stop) }
}
