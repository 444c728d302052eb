import NIOCore

/// The request body as the event loop takes it, piece by piece.
struct Upload {
    enum Next {
        /// `isLast` when an announced length is reached.
        case chunk(ByteBuffer, isLast: Bool)
        case end
        /// Ask to be called by this pipe, once, and then `wake()`.
        case wait(BodyPipe)
        /// Somebody has asked already.
        case waiting
        case failed(any Error)
    }

    private enum Source {
        case none
        case bytes(ByteBuffer)
        case pipe(BodyPipe)
    }

    private var source: Source
    private var left: Int64?
    private(set) var isWaiting = false

    /// Small enough for slow connections to show that they move, large enough to cost nothing.
    static let pieceSize = 256 * 1024

    init(_ body: Exchange.Body) {
        switch body {
        case .none:
            source = .none
        case .bytes(let bytes):
            source = bytes.readableBytes > 0 ? .bytes(bytes) : .none
            left = Int64(bytes.readableBytes)
        case .pipe(let pipe, let length):
            source = .pipe(pipe)
            left = length
        }
    }

    mutating func next() -> Next {
        switch source {
        case .none:
            return .end
        case .bytes(var bytes):
            let piece = bytes.readSlice(length: min(bytes.readableBytes, Self.pieceSize)) ?? ByteBuffer()
            source = bytes.readableBytes > 0 ? .bytes(bytes) : .none
            return .chunk(piece, isLast: took(piece))
        case .pipe(let pipe):
            if isWaiting { return .waiting }
            switch pipe.poll() {
            case .chunk(let chunk): return .chunk(chunk, isLast: took(chunk))
            case .end: return .end
            case .failed(let error): return .failed(error)
            case .empty:
                isWaiting = true
                return .wait(pipe)
            }
        }
    }

    mutating func wake() { isWaiting = false }

    private mutating func took(_ chunk: ByteBuffer) -> Bool {
        guard let left else { return false }
        self.left = left - Int64(chunk.readableBytes)
        return self.left == 0
    }
}
