import Synchronization

/// How long the mappings of a plan take, as measured: decides whether a call's next mapping may run on its event loop.
///
/// The time is taken to grow with the bytes of the document. What is evaluated without one, as for a request, is measured
/// by itself: by the byte it would seem to be slow. A slower run counts at once, a faster one by an eighth, so that a mapping
/// that is slow now and then is not trusted.
package final class PlanCost: Sendable {
    /// Nanoseconds for which one mapping may keep an event loop from its other connections.
    package static let longestOnLoop = 1_000_000.0

    /// Bytes that count for the evaluation itself, however short its document.
    private static let fixedBytes = 1024.0
    /// Before anything was measured: a document of 64 KiB is the limit.
    private static let guess = longestOnLoop / (Double(64 << 10) + fixedBytes)

    private struct Estimates {
        /// Nanoseconds for a byte of a document.
        var perByte = guess
        /// Nanoseconds without a document.
        var alone = 0.0
    }

    private let estimates = Mutex(Estimates())

    package init() {}

    /// Whether a document of so many bytes, 0 for none, is likely to be mapped within `longestOnLoop`.
    package func fitsOnLoop(_ bytes: Int) -> Bool {
        let expected = estimates.withLock { bytes > 0 ? $0.perByte * (Double(bytes) + Self.fixedBytes) : $0.alone }
        return expected <= Self.longestOnLoop + 1
    }

    package func record(bytes: Int, nanoseconds: Int) {
        estimates.withLock {
            if bytes > 0 {
                Self.take(Double(nanoseconds) / (Double(bytes) + Self.fixedBytes), &$0.perByte)
            } else {
                Self.take(Double(nanoseconds), &$0.alone)
            }
        }
    }

    private static func take(_ measured: Double, _ estimate: inout Double) {
        estimate = measured > estimate ? measured : estimate + (measured - estimate) / 8
    }
}
