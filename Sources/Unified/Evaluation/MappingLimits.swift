import JSONata

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
