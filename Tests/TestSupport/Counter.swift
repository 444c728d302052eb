import NIOConcurrencyHelpers

/// Counts what several tasks do.
package final class Counter: Sendable {
    // Not a `Mutex`, which the thread sanitizer does not understand.
    private let value = NIOLockedValueBox(0)

    package init() {}

    package var count: Int { value.withLockedValue { $0 } }

    package func add(_ number: Int = 1) { value.withLockedValue { $0 += number } }
}
