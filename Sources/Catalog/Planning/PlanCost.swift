import Synchronization

/// How long the mappings of a plan take, as measured: decides whether a call's next mapping may run on its event loop.
///
/// The time is taken to grow with the bytes of the document. A slower run counts at once, a faster one by an eighth, so
/// that a mapping that is slow now and then is not trusted.
package final class PlanCost: Sendable {
    /// Nanoseconds for which one mapping may keep an event loop from its other connections.
    package static let longestOnLoop = 1_000_000.0

    /// Bytes that count for the evaluation itself, however short its document.
    private static let fixedBytes = 1024.0
    /// Before anything was measured: a document of 64 KiB is the limit.
    private static let guess = longestOnLoop / (Double(64 << 10) + fixedBytes)

    private let perByte = Mutex(guess)

    package init() {}

    /// Whether a document of so many bytes is likely to be mapped within `longestOnLoop`.
    package func fitsOnLoop(_ bytes: Int) -> Bool {
        perByte.withLock { $0 } * (Double(bytes) + Self.fixedBytes) <= Self.longestOnLoop + 1
    }

    package func record(bytes: Int, nanoseconds: Int) {
        let measured = Double(nanoseconds) / (Double(bytes) + Self.fixedBytes)
        perByte.withLock { $0 = measured > $0 ? measured : $0 + (measured - $0) / 8 }
    }
}
