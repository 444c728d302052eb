package import NIOCore
import Synchronization

/// A bounded pipe of bytes between a writer and a reader that live in different tasks.
///
/// It stands between a server's inbound body and the outgoing connection. Neither side ever sees the other's
/// sequence: when one goes away, the other is told at once and its own iterator is left alone.
/// One writer and one reader at a time; a second one gets an error.
package final class BodyPipe: Sendable {
    enum Waiter: Sendable {
        case task(CheckedContinuation<Void, any Error>)
        case call(@Sendable () -> Void)
    }

    private let state: Mutex<StateMachine<Waiter>>
    private let onRoom: (@Sendable () -> Void)?
    private let offered = Atomic(0)

    /// Bytes that were handed over so far.
    package var bytesOffered: Int { offered.load(ordering: .relaxed) }

    /// - Parameters:
    ///   - capacity: bytes held before the writer has to wait.
    ///   - onRoom: called when a full pipe has been read down to half, for writers that do not suspend.
    package init(capacity: Int, onRoom: (@Sendable () -> Void)? = nil) {
        state = Mutex(StateMachine(capacity: capacity))
        self.onRoom = onRoom
    }

    package convenience init(capacity: Int = 256 * 1024) {
        self.init(capacity: capacity, onRoom: nil)
    }

    // MARK: Writing

    /// Hands over a chunk and waits while the pipe is full.
    ///
    /// - Throws: what the reader left with (`BodyPipeClosed` by default), or `CancellationError`.
    package func write(_ chunk: ByteBuffer) async throws {
        let hasRoom = try push(chunk)
        if Task.isCancelled {
            // What the reader left with says more than the cancellation that came of it, also right after the push.
            try push(ByteBuffer())
            throw CancellationError()
        }
        if !hasRoom { try await waitForRoom() }
    }

    /// Hands over a chunk without waiting; false means that the pipe is full and the writer ought to pause.
    ///
    /// - Throws: what the reader left with.
    @discardableResult
    package func push(_ chunk: ByteBuffer) throws -> Bool {
        offered.add(chunk.readableBytes, ordering: .relaxed)
        switch state.withLock({ $0.offer(chunk) }) {
        case .taken(let wake, let isFull):
            wake?.resume()
            return !isFull
        case .refused(let error):
            throw error
        }
    }

    /// The body is complete.
    package func finish() {
        state.withLock { $0.finish() }?.resume()
    }

    /// The body will never be complete; the reader gets `error` at once.
    package func fail(_ error: any Error) {
        for waiter in state.withLock({ $0.fail(error) }) { waiter.resume(throwing: error) }
    }

    private func waitForRoom() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                settle(state.withLock { $0.parkWriter(.task(continuation)) }, continuation)
                // The handler below may have run before there was anybody to wake.
                if Task.isCancelled { cancelWriter() }
            }
        } onCancel: {
            cancelWriter()
        }
    }

    private func cancelWriter() {
        state.withLock { $0.unparkWriter() }?.resume(throwing: CancellationError())
    }

    // MARK: Reading

    /// The next chunk, nil at the end.
    ///
    /// - Throws: what the writer failed with, or `CancellationError`.
    package func next() async throws -> ByteBuffer? {
        while true {
            switch poll() {
            case .chunk(let chunk): return chunk
            case .end: return nil
            case .failed(let error): throw error
            case .empty: try await waitForChunk()
            }
        }
    }

    /// The reader goes away: the writer's pending and later writes throw `error`.
    package func abandon(_ error: any Error = BodyPipeClosed(reason: "nobody reads the body any more")) {
        for waiter in state.withLock({ $0.abandon(error) }) { waiter.resume(throwing: error) }
    }

    enum Poll {
        case chunk(ByteBuffer)
        case empty
        case end
        case failed(any Error)
    }

    func poll() -> Poll {
        switch state.withLock({ $0.poll() }) {
        case .chunk(let chunk, let wake, let hasRoom):
            wake?.resume()
            if hasRoom { onRoom?() }
            return .chunk(chunk)
        case .empty: return .empty
        case .end: return .end
        case .failed(let error): return .failed(error)
        }
    }

    /// Calls `wake` once, when `poll()` has something other than `.empty` to say; at once if it has already.
    func onReadable(_ wake: @escaping @Sendable () -> Void) {
        switch state.withLock({ $0.parkReader(.call(wake)) }) {
        case .parked: break
        case .ready, .failed: wake()
        }
    }

    private func waitForChunk() async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                settle(state.withLock { $0.parkReader(.task(continuation)) }, continuation)
                if Task.isCancelled { cancelReader() }
            }
        } onCancel: {
            cancelReader()
        }
    }

    private func cancelReader() {
        state.withLock { $0.unparkReader() }?.resume(throwing: CancellationError())
    }

    private func settle(_ park: StateMachine<Waiter>.Park, _ continuation: CheckedContinuation<Void, any Error>) {
        switch park {
        case .parked: break
        case .ready: continuation.resume()
        case .failed(let error): continuation.resume(throwing: error)
        }
    }
}

extension BodyPipe.Waiter {
    func resume() {
        switch self {
        case .task(let continuation): continuation.resume()
        case .call(let wake): wake()
        }
    }

    func resume(throwing error: any Error) {
        switch self {
        case .task(let continuation): continuation.resume(throwing: error)
        case .call(let wake): wake()
        }
    }
}

/// The other side of a pipe is gone.
package struct BodyPipeClosed: Error, Sendable, Hashable, CustomStringConvertible {
    package let reason: String

    package init(reason: String) { self.reason = reason }

    package var description: String { reason }
}
