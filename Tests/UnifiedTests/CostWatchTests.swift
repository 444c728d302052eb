import JSONata
import Testing

@testable import Unified

/// How it is measured what a mapping costs.
@Suite struct CostWatchTests {
    @Test(arguments: [0, (16 << 10) - 1]) func `short documents cost what the budget says, from here on`(bytes: Int) throws {
        let budget = MappingLimits().budget(isOverridden: false)
        try budget.charge(processorNanoseconds: 5000)
        let watch = CostWatch(bytes, budget)
        #expect(watch.nanoseconds == 0)
        try budget.charge(processorNanoseconds: 700)
        #expect(watch.nanoseconds == 700)
    }

    @Test(arguments: [16 << 10, 1 << 20]) func `documents that may be long cost the thread's own time`(bytes: Int) throws {
        let budget = MappingLimits().budget(isOverridden: false)
        let watch = CostWatch(bytes, budget)
        // More than any thread has run.
        let never = 1 << 60
        try? budget.charge(processorNanoseconds: never)
        #expect((0..<never).contains(watch.nanoseconds))
        let before = watch.nanoseconds
        for _ in 0..<100_000 where watch.nanoseconds == before {}
        #expect(watch.nanoseconds > before)
    }
}
