import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes
import Unified

extension Call {
    /// Whether the client waits for `100 Continue` before it sends its body (RFC 9110 §10.1.1).
    var expectsContinue: Bool { headers[.expect]?.lowercased() == "100-continue" }

    /// The length that the client declared, in bytes.
    var contentLength: Int64? { headers[.contentLength].flatMap { Int64($0) } }

    /// The body's chunks as they arrive. Iterating is what asks the client to send, so nothing of a body that is
    /// refused by its head alone crosses the wire.
    func inboundChunks() -> InboundChunks {
        InboundChunks(
            body: body, declared: contentLength, channel: expectsContinue ? channel : nil
        )
    }
}

/// A request's body that is either complete or an error: a connection that ends early never looks like an end.
struct InboundChunks: AsyncSequence, Sendable {
    let body: RequestBody
    let declared: Int64?
    let channel: (any Channel)?

    struct AsyncIterator: AsyncIteratorProtocol {
        var base: RequestBody.AsyncIterator
        let declared: Int64?
        var waiting: (any Channel)?
        var received: Int64 = 0

        mutating func next() async throws -> ByteBuffer? {
            if let channel = waiting {
                waiting = nil
                channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)), promise: nil)
            }
            if let chunk = try await base.next() {
                received += Int64(chunk.readableBytes)
                return chunk
            }
            // A cancelled task reads nil from a live connection: that is not the body's end.
            try Task.checkCancellation()
            if let declared, received < declared { throw ConnectionEnded() }
            return nil
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: body.makeAsyncIterator(), declared: declared, waiting: channel)
    }
}

/// The client went away before its request was whole.
struct ConnectionEnded: Error {}

extension HTTPField.Name {
    static let expect = Self("expect")!
}
