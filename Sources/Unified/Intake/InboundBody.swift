public import NIOCore

/// A request's body as it arrives, with the header fields that say how to read it. It can be read once.
public struct InboundBody: Sendable {
    public typealias Chunks = any AsyncSequence<ByteBuffer, any Error> & Sendable

    public var contentType: String?
    public var contentDisposition: String?
    /// Bytes, where the client declared them.
    public var contentLength: Int64?
    /// Throws where the connection ends before the body is whole.
    public var chunks: Chunks
    /// Asks for chunks of a few KiB from now on, because many bodies are under way at once.
    public var useSmallReads: @Sendable () -> Void

    public init(
        contentType: String?, contentDisposition: String?, contentLength: Int64?, chunks: Chunks,
        useSmallReads: @escaping @Sendable () -> Void = {}
    ) {
        self.contentType = contentType
        self.contentDisposition = contentDisposition
        self.contentLength = contentLength
        self.chunks = chunks
        self.useSmallReads = useSmallReads
    }
}
