import Catalog
import JSON
import JSONata
import NIOCore
import NIOPosix
import Testing

@testable import Unified

/// Where mappings run: see `CallEvaluation`.
struct `Running the mappings of a call` {
    private final class LoopExecutor: TaskExecutor {
        let eventLoop: any EventLoop

        init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    private static func evaluation(
        isOverridden: Bool, cost: PlanCost? = PlanCost(), milliseconds: Int = 2000, pool: EvaluationPool = .shared
    ) -> CallEvaluation {
        var limits = MappingLimits()
        limits.processorMilliseconds = milliseconds
        return CallEvaluation(
            pool: pool, environment: "e", account: "a", isOverridden: isOverridden, cost: cost, limits: limits)
    }

    private static let endless = "($f := function($n){ $f($n + 1) }; $f(0))"

    private static func evaluate(_ source: String) throws -> JSONValue? {
        do { return try Expression(source).evaluate(nil, budget: MappingBudget.current) } catch {
            throw CatalogError(error, at: "here")
        }
    }

    /// Runs `body` on an event loop, as calls are.
    private static func onLoop(_ body: (any EventLoop) async throws -> Void) async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        try await withTaskExecutorPreference(LoopExecutor(eventLoop)) {
            #expect(eventLoop.inEventLoop)
            try await body(eventLoop)
            #expect(eventLoop.inEventLoop)
        }
    }

    @Test(arguments: [(false, 100, true), (false, 64 << 10, true), (false, 65 << 10, false), (true, 0, false), (true, 1 << 20, false)])
    func `the catalog's own stay on the loop for small documents, an override's never do`(
        isOverridden: Bool, bytes: Int, staysOn: Bool
    ) async throws {
        try await Self.onLoop { eventLoop in
            let isOn = try await Self.evaluation(isOverridden: isOverridden).run(bytes) { eventLoop.inEventLoop }
            #expect(isOn == staysOn)
        }
    }

    @Test func `what is measured to be slow leaves the loop, and comes back when it is fast again`() async throws {
        let cost = PlanCost()
        cost.record(bytes: 10_000, nanoseconds: 50_000_000)
        try await Self.onLoop { eventLoop in
            let evaluation = Self.evaluation(isOverridden: false, cost: cost)
            let isOnAtFirst = try await evaluation.run(1000) { eventLoop.inEventLoop }
            #expect(!isOnAtFirst)
            for _ in 0..<40 { cost.record(bytes: 10_000, nanoseconds: 10_000) }
            let isOnLater = try await evaluation.run(1000) { eventLoop.inEventLoop }
            #expect(isOnLater)
        }
    }

    @Test func `what is evaluated without a document says nothing of documents, nor they of it`() {
        let cost = PlanCost()
        for _ in 0..<40 {
            cost.record(bytes: 0, nanoseconds: 100_000)
            cost.record(bytes: 200_000, nanoseconds: 400_000)
        }
        #expect(cost.fitsOnLoop(200_000) && cost.fitsOnLoop(0))
        cost.record(bytes: 200_000, nanoseconds: 2_000_000)
        #expect(!cost.fitsOnLoop(200_000) && cost.fitsOnLoop(0))
        cost.record(bytes: 0, nanoseconds: 2_000_000)
        #expect(!cost.fitsOnLoop(0))
    }

    @Test func `what turns out to be slow on the loop begins again elsewhere`() async throws {
        try await Self.onLoop { eventLoop in
            let evaluation = Self.evaluation(isOverridden: false, milliseconds: 200)
            var ran: [Bool] = []
            let error = await #expect(throws: CatalogError.self) {
                try await evaluation.run {
                    ran.append(eventLoop.inEventLoop)
                    return try Self.evaluate(Self.endless)
                }
            }
            #expect(ran == [true, false])
            #expect(error?.code == .tooExpensive)
        }
    }

    @Test(arguments: [true, false])
    func `one budget holds over all evaluations of a call`(isOverridden: Bool) async throws {
        let evaluation = Self.evaluation(isOverridden: isOverridden, milliseconds: 30)
        var runs = 0
        let error = await #expect(throws: CatalogError.self) {
            for _ in 0..<1_000_000 {
                _ = try await evaluation.run { try Self.evaluate("$sum([1..2000])") }
                runs += 1
            }
        }
        #expect(error?.code == .tooExpensive && error?.message.contains("here") == true || error?.message.contains("call") == true)
        #expect(runs > 0 && runs < 1_000_000)
    }

    @Test func `one that was cancelled ends`() async throws {
        let evaluation = Self.evaluation(isOverridden: true, milliseconds: 600_000)
        let error = await withTaskGroup(of: CatalogError?.self) { group in
            group.addTask {
                do {
                    _ = try await evaluation.run { try Self.evaluate(Self.endless) }
                    return nil
                } catch { return error as? CatalogError }
            }
            evaluation.cancel()
            return await group.next() ?? nil
        }
        #expect(error?.code == .cancelled)
    }

    @Test func `an account's evaluations wait for each other, another's do not`() async throws {
        let pool = EvaluationPool(threads: 2)
        let hostile = Self.evaluation(isOverridden: true, milliseconds: 600_000, pool: pool)
        let busy = Task { try? await hostile.run { try Self.evaluate(Self.endless) } }
        let other = CallEvaluation(
            pool: pool, environment: "other", account: "b", isOverridden: true, cost: nil, limits: MappingLimits())
        let sum = try await other.run { try Self.evaluate("1 + 1") }
        #expect(sum == 2)
        hostile.cancel()
        _ = await busy.value
    }
}
