import Catalog
import JSONata
import Tracing
import Upstream

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs the mappings of one call: under its budget, and where they keep nobody waiting.
///
/// What an override wrote never runs on an event loop. The catalog's own mappings do where that takes less than to
/// change threads: for small documents, as long as they are measured to be fast.
final class CallEvaluation: Sendable {
    private let pool: EvaluationPool
    private let environment: String
    private let account: String
    private let isOverridden: Bool
    private let cost: PlanCost?
    private let budget: EvaluationBudget

    /// Milliseconds that a mapping may take on the event loop, whatever was measured before, until it has to begin
    /// again elsewhere.
    private static let trialMilliseconds = 10

    /// - Parameters:
    ///   - isOverridden: whether any of the expressions is an override's.
    ///   - cost: what the call's plan has cost so far; nil where nobody keeps that.
    init(
        pool: EvaluationPool = .shared, environment: String, account: String, isOverridden: Bool, cost: PlanCost?,
        limits: MappingLimits
    ) {
        self.pool = pool
        self.environment = environment
        self.account = account
        self.isOverridden = isOverridden
        self.cost = cost
        budget = limits.budget(isOverridden: isOverridden)
    }

    /// Ends whatever is evaluated: nobody waits for it any more.
    func cancel() { budget.cancel() }

    /// Runs `work`, which evaluates expressions on a document of so many bytes.
    ///
    /// - Parameter work: changes nothing outside of itself, as it may be run twice.
    /// - Throws: what `work` throws; `tooExpensive` once the budget is used up.
    func run<Result>(
        _ bytes: Int = 0, _ work: () throws -> Result
    ) async throws -> Result {
        guard let tracer = CallNotes.current?.tracer, let context = ServiceContext.current else {
            return try await place(bytes, work)
        }
        let span = tracer.startSpan("mapping", context: context, ofKind: .internal)
        span.attributes["attache.bytes"] = bytes
        defer { span.end() }
        return try await place(bytes, work)
    }

    private func place<Result>(_ bytes: Int, _ work: () throws -> Result) async throws -> Result {
        if isOverridden {
            return try await pool.run(environment: environment, account: account) { try charged(bytes, work) }
        }
        if cost?.fitsOnLoop(bytes) ?? true, let result = try trial(bytes, work) { return result }
        return try await withTaskExecutorPreference(globalConcurrentExecutor) { try charged(bytes, work) }
    }

    private func charged<Result>(_ bytes: Int, _ work: () throws -> Result) throws -> Result {
        let watch = CostWatch(bytes, budget)
        defer { cost?.record(bytes: bytes, nanoseconds: watch.nanoseconds) }
        return try MappingBudget.$current.withValue(budget) { try work() }
    }

    /// nil where it takes longer than an event loop can wait.
    private func trial<Result>(_ bytes: Int, _ work: () throws -> Result) throws -> Result? {
        let trial = EvaluationBudget(processorMilliseconds: Self.trialMilliseconds, memory: 32 << 20)
        let watch = CostWatch(bytes, trial)
        defer {
            cost?.record(bytes: bytes, nanoseconds: trial.exceeded == nil ? watch.nanoseconds : trial.processorNanosecondsUsed)
        }
        do {
            let result = try MappingBudget.$current.withValue(trial) { try work() }
            do {
                try budget.charge(processorNanoseconds: trial.processorNanosecondsUsed, memory: trial.memoryUsed)
            } catch {
                throw CatalogError(error, at: "the mappings of the call")
            }
            return result
        } catch let error as CatalogError where error.code == .tooExpensive && trial.exceeded != nil {
            return nil
        }
    }
}

/// What the mappings of one call may use together (docs/wire.md#budgets-and-shares).
package struct MappingLimits: Sendable, Hashable {
    /// Milliseconds of processor time. Where an override has brought an expression, no more may pass on the clock either:
    /// its threads give way to all others, and its caller shall not wait longer for that.
    package var processorMilliseconds = 2_000
    /// Bytes, where all expressions are the catalog's.
    package var memory = 256 << 20
    /// Bytes, where an override has brought some.
    package var overrideMemory = 64 << 20
    /// Bytes of JSON that the results have, where an override has brought some.
    package var overrideOutput = 8 << 20

    package init() {}

    func budget(isOverridden: Bool) -> EvaluationBudget {
        isOverridden
            ? EvaluationBudget(
                processorMilliseconds: processorMilliseconds, elapsedMilliseconds: processorMilliseconds,
                memory: overrideMemory, output: overrideOutput)
            : EvaluationBudget(processorMilliseconds: processorMilliseconds, memory: memory)
    }
}

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
