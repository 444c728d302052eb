import Encodings
import HTTPTypes
import JSON
import Logging
import Multipart
import NIOCore
import Unified
import Upstream

/// One request being answered.
struct Call {
    /// The id of `x-request-id`, of the log and of error responses.
    let id: String
    let head: HTTPRequest
    /// The path without empty segments: `//unified/ats` equals `/unified/ats`.
    let path: [String]
    let rawQuery: Substring
    /// What the route's `{placeholders}` matched, percent-decoded.
    var parameters = PathParameters()
    let body: BodyPipe
    let connection: ClientConnection
    let responseWriter: ResponseWriter
    var logger: Logger

    var headers: HTTPFields { head.headerFields }

    /// The query by `qs` rules (docs/wire.md#query-parameters).
    func query() throws(APIError) -> JSONObject {
        do {
            return try QueryString.parse(String(rawQuery))
        } catch {
            throw APIError(.invalidQuery, "The query cannot be read: \(error)")
        }
    }

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

    /// The whole body, read up to `limit` bytes, after the client was told to go on.
    func collectBody(upTo limit: Int = 1 << 20) async throws -> ByteBuffer {
        var whole = ByteBuffer()
        for try await var chunk in inboundChunks() {
            whole.writeBuffer(&chunk)
            guard whole.readableBytes <= limit else {
                throw APIError(.bodyTooLarge, "The body is larger than \(limit) bytes")
            }
        }
        return whole
    }

    /// The body as a JSON object; also where a client labels it `text/plain`.
    func jsonBody() async throws -> JSONObject {
        let bytes = try await collectBody()
        do {
            guard let object = try JSONValue.parse(bytes.readableBytesView).object else {
                throw APIError(.invalidBody, "The body must be a JSON object")
            }
            return object
        } catch let error as JSONError {
            throw APIError(.invalidJSON, "The body is not JSON: \(error)", hint: "Send one JSON object in UTF-8")
        }
    }
}

/// A request's body that is either complete or an error: a connection that ends early never looks like an end.
struct InboundChunks: AsyncSequence, Sendable {
    let body: BodyPipe
    /// A client that waits for 100 (Continue) before it sends its body.
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
