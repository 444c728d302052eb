import JSONata

/// What the mappings of one call may use together (docs/wire.md#budgets-and-shares).
public struct MappingLimits: Sendable, Hashable {
    /// Milliseconds of processor time.
    public var processorMilliseconds = 2_000
    /// Bytes, where all expressions are the catalog's.
    public var memory = 256 << 20
    /// Bytes, where an override has brought some.
    public var overrideMemory = 64 << 20
    /// Bytes of JSON that the results have, where an override has brought some.
    public var overrideOutput = 8 << 20

    public init() {}

    func budget(isOverridden: Bool) -> EvaluationBudget {
        isOverridden
            ? EvaluationBudget(
                processorMilliseconds: processorMilliseconds, memory: overrideMemory, output: overrideOutput)
            : EvaluationBudget(processorMilliseconds: processorMilliseconds, memory: memory)
    }
}
