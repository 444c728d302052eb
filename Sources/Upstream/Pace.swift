/// The least that a body has to move, so that nobody holds a connection with a byte now and then.
package struct Pace: Sendable, Hashable, CustomStringConvertible {
    package var bytesPerSecond: Int
    /// Over how many seconds it is judged; nothing is judged before so many have passed.
    package var seconds: Int

    package init(bytesPerSecond: Int, seconds: Int) {
        self.bytesPerSecond = max(bytesPerSecond, 1)
        self.seconds = max(seconds, 1)
    }

    /// 1 KiB a second, over 30 seconds.
    package static let standard = Pace(bytesPerSecond: 1 << 10, seconds: 30)

    package var description: String { "\(bytesPerSecond) bytes a second over \(seconds) seconds" }
}

/// Judges whether a body keeps a pace. Counts only time in which the other side was waited for.
///
/// Two halves of the window are kept, of which the older one goes when the newer one is full: what is judged is never
/// longer than a window and a half ago, and never shorter than a window.
package struct PaceMeter: Sendable, Hashable {
    private struct Half: Hashable {
        var bytes = 0
        var waited = Duration.zero
    }

    private let pace: Pace
    private var older = Half()
    private var newer = Half()

    package init(_ pace: Pace) { self.pace = pace }

    /// Counts bytes that came after a wait.
    ///
    /// - Returns: false where the pace was not kept.
    package mutating func moved(_ bytes: Int, after waited: Duration) -> Bool {
        newer.bytes += bytes
        newer.waited += waited
        let window = Duration.seconds(pace.seconds)
        guard newer.waited + older.waited >= window || newer.waited >= window / 2 else { return true }
        let sum = Half(bytes: older.bytes + newer.bytes, waited: older.waited + newer.waited)
        defer {
            if newer.waited >= window / 2 {
                older = newer
                newer = Half()
            }
        }
        guard sum.waited >= window else { return true }
        return Double(sum.bytes) >= Double(pace.bytesPerSecond) * (sum.waited / .seconds(1))
    }
}
