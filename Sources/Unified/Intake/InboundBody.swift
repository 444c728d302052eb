package import NIOCore

/// A request's body as it arrives, with the header fields that say how to read it. It can be read once.
package struct InboundBody: Sendable {
    package typealias Chunks = any AsyncSequence<ByteBuffer, any Error> & Sendable

    package var contentType: String?
    package var contentDisposition: String?
    /// Bytes, where the client declared them.
    package var contentLength: Int64?
    /// Throws where the connection ends before the body is whole.
    package var chunks: Chunks
    /// Asks for chunks of a few KiB from now on, because many bodies are under way at once.
    package var useSmallReads: @Sendable () -> Void

    package init(
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
