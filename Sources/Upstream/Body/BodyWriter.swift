import Synchronization
package import NIOCore

/// Where the producer of a request body writes.
package struct BodyWriter: Sendable {
    private let pipe: BodyPipe
    private let remaining: Remaining?

    init(pipe: BodyPipe, length: Int64?) {
        self.pipe = pipe
        remaining = length.map(Remaining.init)
    }

    /// Sends a chunk, waiting while the provider is slower than the producer.
    ///
    /// - Throws: `BodyPipeClosed` when nobody reads any more, as after an early response; `BodyLengthMismatch` before
    ///   more than the announced length is sent; `CancellationError`.
    package func write(_ chunk: ByteBuffer) async throws {
        try remaining?.take(chunk.readableBytes)
        try await pipe.write(chunk)
    }

    func checkComplete() throws {
        try remaining?.checkComplete()
    }
}

/// The producer wrote more or less than the length it had announced.
package struct BodyLengthMismatch: Error, Sendable, Hashable {
    /// Bytes too many, or, negative, too few.
    package let excess: Int64
}

/// The rest of an announced length.
private final class Remaining: Sendable {
    private let bytes: Mutex<Int64>

    init(_ length: Int64) { bytes = Mutex(length) }

    func take(_ count: Int) throws(BodyLengthMismatch) {
        let left = bytes.withLock { left in
            left -= Int64(count)
            return left
        }
        if left < 0 { throw BodyLengthMismatch(excess: -left) }
    }

    func checkComplete() throws(BodyLengthMismatch) {
        let left = bytes.withLock { $0 }
        if left > 0 { throw BodyLengthMismatch(excess: -left) }
    }
}
