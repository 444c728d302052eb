import Synchronization

/// A value that is made at its first use, once, and off the event loops: it may take its time.
final class LazyValue<Value: Sendable>: Sendable {
    private let make: @Sendable () throws -> Value
    private let task = Mutex<Task<Value, any Error>?>(nil)

    init(_ make: @escaping @Sendable () throws -> Value) { self.make = make }

    func value() async throws -> Value {
        let task = self.task.withLock { task in
            if let task { return task }
            let fresh = Task.detached { [make] in try make() }
            task = fresh
            return fresh
        }
        return try await task.value
    }
}
