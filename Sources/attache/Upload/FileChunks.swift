import NIOCore
import NIOPosix

/// A form around a file as the chunks of a request's body: the fields, the file, the end. Read once.
struct FileChunks: AsyncSequence, Sendable {
    let source: FileSource
    let before: ByteBuffer
    let after: ByteBuffer
    let threads: NIOThreadPool
    let meter: ProgressMeter

    struct AsyncIterator: AsyncIteratorProtocol {
        private enum Place { case before, file(read: Int), end }

        let chunks: FileChunks
        private var place = Place.before

        init(_ chunks: FileChunks) { self.chunks = chunks }

        mutating func next() async throws -> ByteBuffer? {
            switch place {
            case .before:
                place = .file(read: 0)
                return chunks.before
            case .file(let read):
                let chunk = try await chunks.read(after: read)
                guard chunk.readableBytes > 0 else {
                    place = .end
                    chunks.meter.sentWhole()
                    return chunks.after
                }
                chunks.meter.add(chunk.readableBytes)
                place = .file(read: read + chunk.readableBytes)
                return chunk
            case .end: return nil
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    /// The next chunk; empty at the end. Exactly as many bytes come as the request has announced.
    private func read(after count: Int) async throws -> ByteBuffer {
        let limit = Swift.min(128 << 10, source.size.map { $0 - count } ?? .max)
        guard limit > 0 else { return ByteBuffer() }
        // Reading a file blocks, so it is done on a thread made for that.
        let chunk = try await threads.runIfActive { [source] in try source.read(upTo: limit) }
        if chunk.readableBytes == 0, source.size != nil {
            throw CommandError("\(source.name) became shorter while it was sent", do: "Try again when nothing writes to it")
        }
        return chunk
    }
}
