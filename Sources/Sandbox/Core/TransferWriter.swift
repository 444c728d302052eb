import HTTPTypes
import Hummingbird
import NIOCore

/// Writes an answer's body the way a bad network would.
struct TransferWriter: ResponseBodyWriter {
    var parent: any ResponseBodyWriter
    var transfer: BehaviourAction.Transfer
    let channel: any Channel
    let connections: ConnectionRegistry
    private var written = 0

    init(
        parent: any ResponseBodyWriter, transfer: BehaviourAction.Transfer, channel: any Channel,
        connections: ConnectionRegistry
    ) {
        self.parent = parent
        self.transfer = transfer
        self.channel = channel
        self.connections = connections
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
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

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await parent.finish(trailingHeaders)
    }

    private mutating func meetLimits() async throws {
        if let limit = transfer.resetAtByte, written >= limit {
            channel.reset()
            throw CancellationError()
        }
        if let limit = transfer.stallAtByte, written >= limit {
            await connections.waitForRelease(of: channel)
            transfer.stallAtByte = nil
        }
    }
}
