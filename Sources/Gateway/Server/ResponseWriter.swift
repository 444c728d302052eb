import HTTPTypes
import JSON
import Multipart
import NIOCore
import Unified
import Upstream

/// The one place a call's response is written: once, whole or streamed.
///
/// Not `Sendable`: it stays in the task of its call.
final class ResponseWriter {
    private var connection: ClientConnection?
    private let requestID: String
    /// Tells the client that the connection ends with this response; set when the request's body was left unread.
    var closesConnection = false
    /// The algorithm that the client wants the digest of a whole response by (RFC 9530 §4).
    var wantedDigest: DigestFields.Algorithm?
    /// Goes with every response, unless the response has a field of that name itself.
    var limitFields = HTTPFields()
    /// Tells browsers that a page of another origin may read the response.
    var originFields = HTTPFields()
    /// A response to HEAD has the head of GET's and no body (RFC 9110 §9.3.2).
    var omitsBody = false
    private(set) var sentStatus: HTTPResponse.Status?
    private(set) var sentBytes = 0

    init(_ connection: ClientConnection, requestID: String) {
        self.connection = connection
        self.requestID = requestID
    }

    /// Writes head, body and end at once.
    func send(_ reply: Reply) async throws {
        guard let connection = connection.take() else { return }
        var head = self.head(reply.status, reply.headers)
        head.headerFields.set(HTTPField(name: .contentLength, value: String(reply.body.readableBytes)))
        if let wantedDigest { head.headerFields[.reprDigest] = wantedDigest.field(of: reply.body) }
        sentBytes = omitsBody ? 0 : reply.body.readableBytes
        try await connection.send(head, omitsBody ? ByteBuffer() : reply.body)
    }

    /// Writes the response of a unified call.
    func deliver(_ response: UnifiedResponse) async throws {
        // Its digest is of the whole, and goes before it.
        if case .pieces(let pieces, let extra) = response, wantedDigest == nil {
            return try await send(.ok, Reply.jsonHeaders(extra), pieces)
        }
        if let reply = Reply(response) { return try await send(reply) }
        guard case .stream(let status, let contentType, let length, let body, let extra) = response else { return }
        var headers = HTTPFields()
        headers[.contentType] = contentType ?? "application/octet-stream"
        headers[.contentSecurityPolicy] = ResponseFields.providerPolicy
        if let length { headers[.contentLength] = String(length) }
        headers.replace(with: extra)
        try await stream(.init(code: status), headers, body)
    }

    /// Writes a long response in pieces, each once the client has taken those before it.
    func send(_ status: HTTPResponse.Status, _ headers: HTTPFields, _ pieces: JSONPieces) async throws {
        guard let connection = connection.take() else { return }
        var head = self.head(status, headers)
        head.headerFields.set(HTTPField(name: .contentLength, value: String(pieces.count)))
        try await connection.begin(head)
        if !omitsBody {
            try await pieces.send { piece in
                sentBytes += piece.readableBytes
                try await connection.write(piece)
            }
        }
        try await connection.end()
    }

    /// Writes the head, then `chunks` as they come. An error among them ends the connection: the status is out.
    func stream(
        _ status: HTTPResponse.Status, _ headers: HTTPFields, _ chunks: some AsyncSequence<ByteBuffer, any Error>
    ) async throws {
        guard let connection = connection.take() else { return }
        try await connection.begin(head(status, headers))
        if omitsBody { return try await connection.end() }
        for try await chunk in chunks {
            sentBytes += chunk.readableBytes
            try await connection.write(chunk)
        }
        try await connection.end()
    }

    private func head(_ status: HTTPResponse.Status, _ headers: HTTPFields) -> HTTPResponse {
        sentStatus = status
        var head = HTTPResponse(status: status, headerFields: headers)
        ResponseFields.complete(&head.headerFields, requestID: requestID)
        head.headerFields.addMissing(limitFields)
        head.headerFields.addMissing(originFields)
        if closesConnection { head.headerFields[.connection] = "close" }
        return head
    }
}

/// A whole response, held in memory; streamed responses go through `ResponseWriter.stream`.
struct Reply: Sendable {
    var status: HTTPResponse.Status
    var headers = HTTPFields()
    var body = ByteBuffer()

    init(status: HTTPResponse.Status, headers: HTTPFields = HTTPFields(), body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An `application/json` response.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Reply {
        Reply(status: status, headers: [.contentType: "application/json"], body: ByteBuffer(bytes: value.bytes()))
    }

    /// The response of a unified call that is held whole; nil for one that streams.
    init?(_ response: UnifiedResponse) {
        switch response {
        case .json(let text, let extra):
            self.init(status: .ok, headers: Self.jsonHeaders(extra), body: text)
        case .pieces(let pieces, let extra):
            self.init(status: .ok, headers: Self.jsonHeaders(extra), body: pieces.whole)
        case .bytes(let status, let contentType, let bytes, let extra):
            self.init(status: .init(code: status), body: bytes)
            headers[.contentType] = contentType
            headers[.contentSecurityPolicy] = ResponseFields.providerPolicy
            headers.replace(with: extra)
        case .stream: return nil
        }
    }

    fileprivate static func jsonHeaders(_ extra: HTTPFields) -> HTTPFields {
        var headers: HTTPFields = [.contentType: "application/json"]
        headers.replace(with: extra)
        return headers
    }
}

/// The header fields that every response carries (docs/wire.md#budgets-and-shares).
enum ResponseFields {
    /// Adds what is not there: an id, no guessing of types, and no storing unless the response says that it may be.
    static func complete(_ fields: inout HTTPFields, requestID: String) {
        var own = [HTTPField(name: .requestID, value: requestID), noSniff]
        if !fields.contains(.cacheControl) { own.append(noStore) }
        fields.set(own)
    }

    private static let noSniff = HTTPField(name: .xContentTypeOptions, value: "nosniff")
    private static let noStore = HTTPField(name: .cacheControl, value: "no-store")

    /// Bytes of a provider come from the gateway's own origin: shown as a page they must not act as one of its pages.
    static let providerPolicy = "sandbox"
}

extension HTTPField.Name {
    /// Carries the id under which a call is logged.
    static let requestID = Self("x-request-id")!
}
