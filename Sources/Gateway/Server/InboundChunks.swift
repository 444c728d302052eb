import HTTPTypes
import NIOCore
import Upstream

extension Call {
    /// Whether the client waits for `100 Continue` before it sends its body (RFC 9110 §10.1.1).
    var expectsContinue: Bool { headers[.expect]?.lowercased() == "100-continue" }

    /// The length that the client declared, in bytes.
    var contentLength: Int64? { headers.text(of: .contentLength).flatMap { Int64($0) } }

    /// The body's chunks as they arrive. Iterating is what asks the client to send, so nothing of a body that is
    /// refused by its head alone crosses the wire.
    func inboundChunks() -> InboundChunks {
        InboundChunks(
            body: body, waiting: expectsContinue ? connection : nil
        )
    }
}

/// A request's body that is either complete or an error: a connection that ends early never looks like an end.
struct InboundChunks: AsyncSequence, Sendable {
    let body: BodyPipe
    /// A client that waits to be told to send.
    let waiting: ClientConnection?

    struct AsyncIterator: AsyncIteratorProtocol {
        let body: BodyPipe
        var waiting: ClientConnection?

        mutating func next() async throws -> ByteBuffer? {
            if let connection = waiting {
                waiting = nil
                connection.goOn()
            }
            return try await body.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: body, waiting: waiting) }
}

extension HTTPField.Name {
    static let expect = Self("expect")!
}
