@_spi(Engine) import JSON
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Contexts that are not in use: making one costs more than many an evaluation.
enum ContextPool {
    /// Guarded by a mutex of the platform, which needs no minimum system version.
    private final class Store: @unchecked Sendable {
        // `free` is only touched between `lock` and `unlock`.
        private let mutex: UnsafeMutablePointer<pthread_mutex_t>
        private var free: [Context] = []

        init() {
            mutex = .allocate(capacity: 1)
            mutex.initialize(to: pthread_mutex_t())
            pthread_mutex_init(mutex, nil)
        }

        func take() -> Context? {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            return free.popLast()
        }

        func give(_ context: Context) -> Bool {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            guard free.count < 16 else { return false }
            free.append(context)
            return true
        }
    }

    private static let store = Store()

    static func take(_ limits: EvaluationLimits) -> Context {
        let context = store.take() ?? Context()
        context.reset(limits)
        return context
    }

    static func give(_ context: Context) {
        context.finish()
        context.arena.trim()
        if !store.give(context) { context.destroy() }
    }

    static func with<Result>(
        _ limits: EvaluationLimits, _ body: (Context) throws(JSONataError) -> Result
    ) throws(JSONataError) -> Result {
        let context = take(limits)
        defer { give(context) }
        return try body(context)
    }
}
