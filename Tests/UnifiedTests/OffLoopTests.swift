import NIOCore
import NIOPosix
import Testing

@testable import Unified

/// Long mappings must not hold up an event loop.
@Suite struct OffLoopTests {
    private final class Executor: TaskExecutor {
        let eventLoop: any EventLoop

        init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    @Test(arguments: [(1000, true), (OffLoop.threshold, true), (OffLoop.threshold + 1, false)])
    func `large documents leave the loop for as long as they are worked on`(bytes: Int, staysOn: Bool) async {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        await withTaskExecutorPreference(Executor(eventLoop)) {
            #expect(eventLoop.inEventLoop)
            let isOn = await OffLoop.run(bytes) { eventLoop.inEventLoop }
            #expect(isOn == staysOn)
            #expect(eventLoop.inEventLoop)
        }
    }
}
