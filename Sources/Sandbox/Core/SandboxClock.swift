import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The time the pretend vendor lives in; `advance` moves it on, so that expiry needs no waiting.
final class SandboxClock: Sendable {
    private let base: @Sendable () -> Int64
    private let ahead = Mutex<Int64>(0)

    init(_ base: (@Sendable () -> Int64)?) {
        self.base = base ?? { Int64(Date().timeIntervalSince1970 * 1000) }
    }

    /// Milliseconds since 1970 UTC.
    var now: Int64 { base() + ahead.withLock { $0 } }

    func advance(milliseconds: Int64) { ahead.withLock { $0 += milliseconds } }

    func reset() { ahead.withLock { $0 = 0 } }
}
