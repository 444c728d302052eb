import NIOCore

extension EventLoopPromise where Value: Sendable {
    /// Waits for the promise no longer than `limit`, and not once the task is cancelled.
    ///
    /// - Parameter giveUp: called when the wait is to end early; it decides whether the promise fails.
    /// - Throws: what the promise fails with.
    func value(within limit: Duration, giveUp: @escaping @Sendable (GaveUp) -> Void) async throws -> Value {
        let timer = futureResult.eventLoop.scheduleTask(in: TimeAmount(limit)) { giveUp(.timedOut) }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await futureResult.get()
        } onCancel: {
            giveUp(.cancelled)
        }
    }
}

/// Why a wait ended without its result.
enum GaveUp: Error, Hashable {
    case timedOut, cancelled
}
