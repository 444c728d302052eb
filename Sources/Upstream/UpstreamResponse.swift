package import HTTPTypes
package import NIOCore

/// A provider's response while it arrives.
package struct UpstreamResponse: Sendable {
    package let status: HTTPResponse.Status
    /// Without hop-by-hop fields; `Content-Length` and `Content-Type` as the provider gave them.
    package let headers: HTTPFields
    package let body: UpstreamBody
    /// Where the response came from, after redirects.
    package let url: TargetURL
}

extension UpstreamResponse {
    /// The response, whole, when its body is no longer than `limit` bytes.
    ///
    /// - Throws: as `UpstreamBody.collect`.
    package func collected(upTo limit: Int) async throws -> CollectedResponse {
        CollectedResponse(status: status, headers: headers, body: try await body.collect(upTo: limit), url: url)
    }

    /// As `collected(upTo:)`, telling `hold` of each piece before it is kept; what that throws ends the response.
    ///
    /// - Parameter padding: zero bytes to have behind the body, for who reads it where it lies.
    package func collected(
        upTo limit: Int, padding: Int = 0, _ hold: (Int) throws -> Void
    ) async throws -> CollectedResponse {
        var whole = ByteBuffer()
        // Address space only, and no more than may come.
        if let length = headers.text(of: .contentLength).flatMap({ Int($0) }), length > 0 {
            whole.reserveCapacity(min(length, limit) + padding)
        }
        for try await var chunk in body {
            try hold(chunk.readableBytes)
            guard whole.readableBytes + chunk.readableBytes <= limit else {
                throw UpstreamError.responseTooLarge(limit: limit)
            }
            whole.writeBuffer(&chunk)
        }
        if padding > 0 {
            whole.writeRepeatingByte(0, count: padding)
            whole.moveWriterIndex(to: whole.writerIndex - padding)
        }
        return CollectedResponse(status: status, headers: headers, body: whole, url: url)
    }
}

/// A provider's response, whole.
package struct CollectedResponse: Sendable {
    package let status: HTTPResponse.Status
    package let headers: HTTPFields
    package let body: ByteBuffer
    package let url: TargetURL
}

/// The bytes of a response, read at the reader's pace and once.
///
/// Reading throws `UpstreamError` when the response breaks off. It is valid inside the closure it was handed to.
package struct UpstreamBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    let pipe: BodyPipe

    package struct AsyncIterator: AsyncIteratorProtocol {
        let pipe: BodyPipe

        package mutating func next() async throws -> ByteBuffer? { try await pipe.next() }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws -> ByteBuffer? {
            try await pipe.next()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pipe: pipe) }

    /// The whole body, when it is no longer than `limit` bytes.
    ///
    /// - Throws: `UpstreamError`; code `response_too_large` as soon as the limit is passed.
    package func collect(upTo limit: Int) async throws -> ByteBuffer {
        var whole: ByteBuffer?
        while var chunk = try await pipe.next() {
            guard (whole?.readableBytes ?? 0) + chunk.readableBytes <= limit else {
                throw UpstreamError.responseTooLarge(limit: limit)
            }
            // A short response is one chunk, and is handed on without a copy.
            if whole == nil { whole = chunk } else { whole?.writeBuffer(&chunk) }
        }
        return whole ?? ByteBuffer()
    }
}
