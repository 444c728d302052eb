import NIOCore

/// A body that is the file itself, as form events.
struct RawFormReader: Sendable {
    private enum State { case start, data, end, done }

    private let file: FormFile
    private var state = State.start
    private var chunks: [ByteBuffer] = []
    private var finished = false

    init(file: FormFile) { self.file = file }

    mutating func append(_ chunk: ByteBuffer) {
        if chunk.readableBytes > 0 { chunks.append(chunk) }
    }

    mutating func finish() { finished = true }

    mutating func next() -> FormEvent? {
        switch state {
        case .start:
            state = .data
            return .fileStart(file)
        case .data:
            if !chunks.isEmpty { return .fileData(chunks.removeFirst()) }
            guard finished else { return nil }
            state = .end
            return .fileEnd
        case .end:
            state = .done
            return .end
        case .done: return nil
        }
    }
}
