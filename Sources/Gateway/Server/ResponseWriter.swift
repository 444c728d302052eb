import HTTPTypes
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
    var limitFields: HTTPFields = [:]
    /// Tells browsers that a page of another origin may read the response.
    var originFields: HTTPFields = [:]
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

extension HTTPField.Name {
    /// Carries the id under which a call is logged.
    static let requestID = Self("x-request-id")!
}
