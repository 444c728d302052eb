import Encodings
package import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the accounts take from the world outside: time and chance. Tests put their own in.
package struct Effects: Sendable {
    /// The time of day.
    package var now: @Sendable () -> Timestamp
    /// Time since some fixed moment, which nobody sets back; for the age of cached things.
    package var uptime: @Sendable () -> Duration
    /// That many unpredictable bytes.
    package var randomBytes: @Sendable (Int) -> [UInt8]

    package init(
        now: @escaping @Sendable () -> Timestamp, uptime: @escaping @Sendable () -> Duration,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.now = now
        self.uptime = uptime
        self.randomBytes = randomBytes
    }

    /// The clock and the random numbers of the system.
    package static let live: Effects = {
        let start = ContinuousClock.now
        return Effects(
            now: {
                var time = timespec()
                clock_gettime(CLOCK_REALTIME, &time)
                return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
            },
            uptime: { ContinuousClock.now - start },
            // Swift promises that this generator is cryptographically secure on the platforms we run on.
            randomBytes: { count in
                var generator = SystemRandomNumberGenerator()
                return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            }
        )
    }()

    /// A random UUID (RFC 9562, version 4), lower case.
    func uuid() -> String {
        var bytes = randomBytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Array(Hex.text(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
    }
}
