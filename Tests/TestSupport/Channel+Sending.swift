package import NIOCore

extension Channel {
    /// Sends a byte every few milliseconds from now on, some hundred a second.
    ///
    /// - Parameter message: what carries the byte.
    package func drip<Message: Sendable>(_ message: Message) {
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(5)) { task in
            guard self.isActive else { return task.cancel() }
            self.writeAndFlush(message, promise: nil)
        }
    }

    /// Sends up to so many bytes; gives how many the other side took before it stopped taking any.
    package func pour<Message: Sendable>(_ count: Int, as message: (ByteBuffer) -> Message) async throws -> Int {
        let whole = ByteBuffer(repeating: 120, count: 64 << 10)
        var sent = 0
        while sent < count {
            let block = whole.getSlice(at: 0, length: min(whole.readableBytes, count - sent)) ?? whole
            let isTaken = eventLoop.makePromise(of: Bool.self)
            let written = eventLoop.makePromise(of: Void.self)
            written.futureResult.whenComplete { _ in isTaken.succeed(true) }
            writeAndFlush(message(block), promise: written)
            // There is no sign that the other side will never take more; a second without a byte, on a loopback, is one.
            let timer = eventLoop.scheduleTask(in: .seconds(1)) { isTaken.succeed(false) }
            guard try await isTaken.futureResult.get() else { return sent }
            timer.cancel()
            sent += block.readableBytes
        }
        return sent
    }
}
