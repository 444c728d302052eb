import Synchronization

/// Work that goes on after its response, until it is done or the sandbox ends.
final class BackgroundTasks: Sendable {
    private struct State {
        var tasks: [Int: Task<Void, Never>] = [:]
        var next = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    func start(_ work: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            guard !state.isClosed else { return }
            let id = state.next
            state.next += 1
            state.tasks[id] = Task {
                await work()
                self.remove(id)
            }
        }
    }

    private func remove(_ id: Int) { state.withLock { _ = $0.tasks.removeValue(forKey: id) } }

    /// Ends all, and returns when none is left.
    func cancel() async {
        let tasks = state.withLock { state in
            state.isClosed = true
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
