import Foundation

/// A thread with 512 kB of stack, the least that platforms give.
enum SmallStack {
    /// Written by the thread before it signals, read after that.
    private final class Box<Result: Sendable>: @unchecked Sendable {
        var result: Result?
    }

    static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result? {
        let box = Box<Result>()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            box.result = body()
            done.signal()
        }
        thread.stackSize = 512 * 1024
        thread.start()
        done.wait()
        return box.result
    }
}
