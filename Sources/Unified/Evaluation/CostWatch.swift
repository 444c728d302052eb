import JSONata

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Measures what a mapping costs, for `PlanCost`.
///
/// A budget takes the time that passed for what a short evaluation cost, and a page is a hundred of those: where the thread is
/// held up in one, the page would seem to be slow. For documents that may be long the thread's processor time is read
/// instead, by two system calls, which would be felt beside shorter ones.
struct CostWatch {
    private static let leastBytes = 16 << 10

    private let budget: EvaluationBudget
    private let usedBefore: Int
    /// nil where the budget's measure will do.
    private let processorBefore: Int?

    /// - Parameter bytes: of the document.
    init(_ bytes: Int, _ budget: EvaluationBudget) {
        self.budget = budget
        usedBefore = budget.processorNanosecondsUsed
        processorBefore = bytes >= Self.leastBytes ? Self.processorTime : nil
    }

    /// Since this was made. To be read on the same thread.
    var nanoseconds: Int {
        processorBefore.map { Self.processorTime - $0 } ?? budget.processorNanosecondsUsed - usedBefore
    }

    private static var processorTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
