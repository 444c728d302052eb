#if THREAD_SANITIZER
    import NIOConcurrencyHelpers

    /// Takes the place of `Synchronization.Mutex` in a run of ThreadSanitizer, which does not see that type's futex and would
    /// report everything that it guards. This lock is the system's own, which ThreadSanitizer knows.
    package struct Mutex<Value>: ~Copyable, @unchecked Sendable {
        private let lock = NIOLock()
        /// Touched only while `lock` is held, so that it may be shared.
        private let storage: UnsafeMutablePointer<Value>

        package init(_ value: consuming sending Value) {
            storage = .allocate(capacity: 1)
            storage.initialize(to: value)
        }

        deinit {
            storage.deinitialize(count: 1)
            storage.deallocate()
        }

        package borrowing func withLock<Result, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            lock.lock()
            defer { lock.unlock() }
            return try body(&storage.pointee)
        }
    }

    /// For the tests, where `Mutex` alone would have two meanings.
    package typealias SanitizedMutex = Mutex
#endif
