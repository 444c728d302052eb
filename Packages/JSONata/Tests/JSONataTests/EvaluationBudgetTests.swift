import Dispatch
@_spi(Engine) import JSON
@_spi(Engine) @testable import JSONata
import Testing

/// One budget over all evaluations of a call.
@Suite struct EvaluationBudgetTests {
    private func code(_ source: String, _ budget: EvaluationBudget, _ input: JSONValue? = nil) -> String? {
        do throws(JSONataError) {
            _ = try Expression(source).evaluate(input, budget: budget)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `many small evaluations are charged to one budget`() throws {
        let budget = EvaluationBudget(processorMilliseconds: 60_000, memory: 1 << 20)
        let expression = try Expression("$count([1..1000])")
        var done = 0
        while done < 10_000 {
            do throws(JSONataError) {
                _ = try expression.evaluate(nil, budget: budget)
            } catch {
                #expect(error.code == "D1015")
                break
            }
            done += 1
        }
        #expect(done > 10 && done < 100)
        #expect(budget.exceeded == .memory)
    }

    @Test func `processor time of one evaluation counts for the next`() {
        let budget = EvaluationBudget(processorMilliseconds: 20)
        #expect(code("($f := function($n){$f($n + 1)}; $f(0))", budget) == "D1015")
        #expect(budget.exceeded == .processorTime)
        #expect(code("1", budget) == "D1015")
    }

    @Test func `time that passes during evaluations has a limit of its own`() throws {
        let budget = EvaluationBudget(processorMilliseconds: 60_000, elapsedMilliseconds: 20)
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .milliseconds(40) {}
        #expect(code("1", budget) == nil, "time outside of evaluations counts")
        #expect(code("($f := function($n){$f($n + 1)}; $f(0))", budget) == "D1015")
        #expect(budget.exceeded == .time)
        #expect(budget.processorNanosecondsUsed < 60_000_000_000)
        #expect(code("1", budget) == "D1015")
    }

    @Test func `an evaluation stops when its budget is cancelled from another thread`() {
        let budget = EvaluationBudget(processorMilliseconds: 60_000)
        DispatchQueue.global().async { budget.cancel() }
        #expect(code("($f := function($n){$f($n + 1)}; $f(0))", budget) == "D1016")
        #expect(budget.isCancelled)
    }

    @Test func `evaluating text does not hide that the budget is used up`() {
        let budget = EvaluationBudget(processorMilliseconds: 10)
        #expect(code("$eval('($f := function($n){$f($n + 1)}; $f(0))')", budget) == "D1015")
    }

    @Test func `text that is written counts over all results`() throws {
        let workspace = Workspace(budget: EvaluationBudget(output: 100))
        let document = try workspace.evaluate(Expression("$pad('x', 40)"), nil)
        var output: [UInt8] = []
        try workspace.write(document, into: &output)
        try workspace.write(document, into: &output)
        let error = #expect(throws: JSONataError.self) { try workspace.write(document, into: &output) }
        #expect(error?.code == "D1015")
        #expect(output.count == 84)
    }

    @Test func `a document that is parsed counts as memory`() throws {
        let budget = EvaluationBudget()
        let workspace = Workspace(budget: budget)
        _ = try workspace.parse(Array("[\(String(repeating: "1,", count: 1000))1]".utf8))
        #expect(budget.memoryUsed > 16_000)
    }

    @Test func `work outside of evaluations can be charged`() throws {
        let budget = EvaluationBudget(processorMilliseconds: 1)
        try budget.charge(processorNanoseconds: 500_000)
        let error = #expect(throws: JSONataError.self) { try budget.charge(processorNanoseconds: 600_000) }
        #expect(error?.code == "D1015")
    }
}
