package import HTTPTypes
package import NIOCore

/// A file on its way from the address that a caller gave.
package struct FetchedFile: Sendable {
    /// Bytes, where the source announced them; never more than the limit.
    package let length: Int64?
    /// What the source says of itself: recorded, and no reason to trust it.
    package let headers: HTTPFields
    /// Where it came from, after redirects.
    package let url: TargetURL
    package let bytes: FetchedBytes
}

/// The bytes of a fetched file, at the reader's pace and once.
///
/// Throws `FileFetchError` where the source breaks off, is too slow, or sends more than the limit.
package struct FetchedBytes: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    let body: UpstreamBody
    let limits: FileFetchLimits

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: body.makeAsyncIterator(), limits: limits) }

    package struct AsyncIterator: AsyncIteratorProtocol {
        var base: UpstreamBody.AsyncIterator
        let limits: FileFetchLimits
        private var received: Int64 = 0
        private var waited = Duration.zero

        init(base: UpstreamBody.AsyncIterator, limits: FileFetchLimits) {
            self.base = base
            self.limits = limits
        }

        package mutating func next() async throws -> ByteBuffer? {
            let asked = ContinuousClock.now
            let chunk: ByteBuffer?
            do {
                chunk = try await base.next()
            } catch let error as UpstreamError {
                throw FileFetchError(error)
            }
            guard let chunk else { return nil }
            waited += .now - asked
            received += Int64(chunk.readableBytes)
            guard received <= limits.maxBytes else { throw FileFetchError.tooLarge(limit: limits.maxBytes) }
            // A source that drips is never idle; silence is the transport's to notice.
            guard waited <= limits.allowance(for: received) else { throw FileFetchError.tooSlow }
            return chunk
        }
    }
}
