import HTTPTypes
import Hummingbird
import NIOCore

/// Writes a response's body the way a bad network would.
struct TransferWriter: ResponseBodyWriter {
    var parent: any ResponseBodyWriter
    var transfer: BehaviourAction.Transfer
    let stall: @Sendable () async -> Void
    let reset: @Sendable () -> Void
    private var written = 0

    init(
        parent: any ResponseBodyWriter, transfer: BehaviourAction.Transfer,
        stall: @escaping @Sendable () async -> Void, reset: @escaping @Sendable () -> Void
    ) {
        self.parent = parent
        self.transfer = transfer
        self.stall = stall
        self.reset = reset
    }

    // `@concurrent`, as the protocol is: `parent` is not `Sendable`, so it cannot leave the caller of this function for its own.
    @concurrent mutating func write(_ buffer: ByteBuffer) async throws {
        var rest = buffer
        while rest.readableBytes > 0 {
            let limit = [transfer.resetAtByte, transfer.stallAtByte].compactMap { $0 }.map { $0 - written }.min()
            let pace = transfer.bytesPerSecond.map { max(1, $0 / 10) } ?? rest.readableBytes
            let count = min(rest.readableBytes, pace, max(0, limit ?? .max))
            if count > 0, let slice = rest.readSlice(length: count) {
                try await parent.write(slice)
                written += count
                if let rate = transfer.bytesPerSecond {
                    try await Task.sleep(for: .microseconds(count * 1_000_000 / rate))
                }
            }
            try await meetLimits()
        }
    }

    @concurrent consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await parent.finish(trailingHeaders)
    }

    private mutating func meetLimits() async throws {
        if let limit = transfer.resetAtByte, written >= limit {
            reset()
            throw CancellationError()
        }
        if let limit = transfer.stallAtByte, written >= limit {
            await stall()
            transfer.stallAtByte = nil
        }
    }
}
