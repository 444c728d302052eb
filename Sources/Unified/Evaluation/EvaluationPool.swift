import NIOCore
import NIOPosix
import Synchronization
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The threads on which expressions of overrides are compiled and evaluated, and nothing else is: they are strangers'
/// code, and may take as long as their budget lets them.
///
/// The threads run at a lower priority than the event loops, where the system allows it.
package final class EvaluationPool: Sendable {
    /// Shared by all gateways of a process. It is never shut down.
    package static let shared = EvaluationPool(threads: max(2, System.coreCount))

    private let threads: NIOThreadPool
    private let queue: Mutex<FairQueue<Work>>

    private struct Work: Sendable {
        let run: @Sendable () -> Void
    }

    /// - Parameter threads: of which one environment has at most half.
    init(threads count: Int) {
        threads = NIOThreadPool(numberOfThreads: count)
        queue = Mutex(FairQueue(perEnvironment: max(1, count / 2)))
        threads.start()
    }

    /// Runs `work` on a thread of the pool, when its owner's turn has come.
    ///
    /// Not an asynchronous function: that would run where its caller does.
    package func run<Result>(
        environment: String, account: String, _ work: () throws -> Result
    ) async throws -> Result {
        let executor = AccountExecutor(self, FairQueue<Work>.Owner(environment: environment, account: account))
        return try await withTaskExecutorPreference(executor) { try work() }
    }

    private func add(_ work: Work, of owner: FairQueue<Work>.Owner) {
        queue.withLock { $0.add(work, of: owner) }
        threads.submit { [self] state in
            // One submission per job, though not always for that very job: whoever ends one looks for the next.
            guard case .active = state else { return }
            runNext()
        }
    }

    private func runNext() {
        while let (work, owner) = queue.withLock({ $0.next() }) {
            Self.giveWay()
            work.run()
            queue.withLock { $0.finished(owner) }
        }
    }

    /// Lowers the priority of this thread: to about a third of an event loop's share where both want a core.
    private static func giveWay() {
        // On Linux "this process" is the calling thread, see setpriority(2).
        #if canImport(Glibc)
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
        #elseif canImport(Musl)
            _ = setpriority(PRIO_PROCESS, 0, 5)
        #endif
    }

    /// Runs the jobs of one account's tasks.
    private final class AccountExecutor: TaskExecutor {
        private let pool: EvaluationPool
        private let owner: FairQueue<Work>.Owner

        init(_ pool: EvaluationPool, _ owner: FairQueue<Work>.Owner) {
            self.pool = pool
            self.owner = owner
        }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            pool.add(Work { job.runSynchronously(on: self.asUnownedTaskExecutor()) }, of: owner)
        }
    }
}
