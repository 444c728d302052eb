import Catalog
import JSONata
import Tracing
import Upstream

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
    nonisolated(nonsending) func run<Result>(
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

    private nonisolated(nonsending) func place<Result>(_ bytes: Int, _ work: () throws -> Result) async throws -> Result {
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
