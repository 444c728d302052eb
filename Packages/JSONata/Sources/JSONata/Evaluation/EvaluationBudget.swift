import Synchronization

/// What all evaluations of one call may use together, on however many threads they run.
///
/// Make one per call and hand it to every `Workspace` and `Expression.evaluate` of that call. Evaluations charge it as
/// they run: processor time of their thread, memory that they take, JSON text that they write. Nothing is given back when
/// an evaluation ends, so that many small ones count as one large one does. When a limit is passed, the evaluation that
/// passes it and every later one throw `D1015`; after `cancel` they throw `D1016`.
///
/// ```swift
/// let budget = EvaluationBudget(processorMilliseconds: 2_000, memory: 256 << 20)
/// let workspace = Workspace(budget: budget)
/// for record in records { try workspace.evaluate(mapping, record) }
/// ```
public final class EvaluationBudget: Sendable {
    public enum Resource: Sendable, Hashable { case processorTime, time, memory, output }

    /// Nanoseconds of processor time.
    let processorLimit: Int
    /// Nanoseconds that pass while expressions are evaluated.
    let timeLimit: Int
    /// Bytes.
    let memoryLimit: Int
    /// Bytes of JSON text.
    let outputLimit: Int

    private let processor = Atomic<Int>(0)
    private let time = Atomic<Int>(0)
    private let memory = Atomic<Int>(0)
    private let output = Atomic<Int>(0)
    private let cancelled = Atomic<Bool>(false)

    /// - Parameters:
    ///   - processorMilliseconds: processor time, summed over threads.
    ///   - elapsedMilliseconds: time that passes during evaluations, whether or not their thread has a core; nil: no limit.
    ///   - memory: bytes for values, documents and the working memory of functions, summed over evaluations.
    ///   - output: bytes of JSON text that results are written as.
    public init(
        processorMilliseconds: Int = 2_000, elapsedMilliseconds: Int? = nil, memory: Int = 256 << 20, output: Int = 256 << 20
    ) {
        processorLimit = Self.nanoseconds(processorMilliseconds)
        timeLimit = elapsedMilliseconds.map(Self.nanoseconds) ?? .max
        memoryLimit = max(0, memory)
        outputLimit = max(0, output)
    }

    private static func nanoseconds(_ milliseconds: Int) -> Int { max(0, min(milliseconds, 1 << 40)) * 1_000_000 }

    /// Ends the evaluations that use this budget, within about a millisecond. May be called from any thread.
    public func cancel() { cancelled.store(true, ordering: .relaxed) }

    public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// Processor time charged so far, in nanoseconds.
    public var processorNanosecondsUsed: Int { processor.load(ordering: .relaxed) }
    /// Bytes of memory charged so far.
    public var memoryUsed: Int { memory.load(ordering: .relaxed) }
    /// Bytes of JSON text charged so far.
    public var outputUsed: Int { output.load(ordering: .relaxed) }

    /// The resource whose limit was passed, if any.
    public var exceeded: Resource? {
        if processorNanosecondsUsed > processorLimit { return .processorTime }
        if time.load(ordering: .relaxed) > timeLimit { return .time }
        if memoryUsed > memoryLimit { return .memory }
        if outputUsed > outputLimit { return .output }
        return nil
    }

    /// Charges work that the call does outside of evaluations, such as reading a response into values.
    ///
    /// - Throws: `D1015` or `D1016`.
    public func charge(processorNanoseconds: Int = 0, memory bytes: Int = 0) throws(JSONataError) {
        add(processorNanoseconds: processorNanoseconds, memory: bytes)
        try check()
    }

    func add(processorNanoseconds: Int = 0, elapsedNanoseconds: Int = 0, memory bytes: Int = 0, output text: Int = 0) {
        if processorNanoseconds > 0 { processor.wrappingAdd(processorNanoseconds, ordering: .relaxed) }
        if elapsedNanoseconds > 0, timeLimit != .max { time.wrappingAdd(elapsedNanoseconds, ordering: .relaxed) }
        if bytes > 0 { memory.wrappingAdd(bytes, ordering: .relaxed) }
        if text > 0 { output.wrappingAdd(text, ordering: .relaxed) }
    }

    /// - Throws: `D1015` once a limit was passed, `D1016` once cancelled.
    func check() throws(JSONataError) {
        if isCancelled { throw JSONataError("D1016", "the evaluation was cancelled") }
        if let exceeded { throw fault(exceeded) }
    }

    func fault(_ resource: Resource) -> JSONataError {
        switch resource {
        case .processorTime:
            JSONataError("D1015", "the expressions of this call take more than \(processorLimit / 1_000_000) ms of processor time")
        case .time: JSONataError("D1015", "the expressions of this call take longer than \(timeLimit / 1_000_000) ms")
        case .memory: JSONataError("D1015", "the expressions of this call need more than \(memoryLimit) bytes of memory")
        case .output: JSONataError("D1015", "the expressions of this call write more than \(outputLimit) bytes")
        }
    }
}
