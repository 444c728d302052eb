import HTTPTypes
import HummingbirdCore
import NIOCore
import Unified

/// The one place a call's answer is written: once, whole or streamed.
///
/// Not `Sendable`: it stays in the task of its call.
final class Outlet {
    private var writer: ResponseWriter?
    private let requestID: String
    /// Tells the client that the connection ends with this answer; set when the request's body was left unread.
    var closesConnection = false
    /// The algorithm that the client wants the digest of a whole answer by (RFC 9530 §4).
    var wantedDigest: DigestFields.Algorithm?
    /// Goes with whatever is answered, unless the answer has a header of that name itself.
    var limitHeaders: [APIError.Header] = []
    private(set) var sentStatus: HTTPResponse.Status?
    private(set) var sentBytes = 0

    init(_ writer: consuming ResponseWriter, requestID: String) {
        self.writer = consume writer
        self.requestID = requestID
    }

    /// Writes head, body and end at once.
    func send(_ reply: Reply) async throws {
        guard let writer = writer.take() else { return }
        var head = self.head(reply.status, reply.headers)
        head.headerFields[.contentLength] = String(reply.body.readableBytes)
        if let wantedDigest { head.headerFields[.reprDigest] = wantedDigest.field(of: reply.body) }
        sentBytes = reply.body.readableBytes
        try await writer.write(response: head, body: .init(byteBuffer: reply.body))
    }

    /// Writes the head, then `chunks` as they come. An error among them ends the connection: the status is out.
    func stream(
        _ status: HTTPResponse.Status, _ headers: HTTPFields, _ chunks: some AsyncSequence<ByteBuffer, any Error>
    ) async throws {
        guard let writer = writer.take() else { return }
        var body = try await writer.writeHead(head(status, headers))
        for try await chunk in chunks {
            sentBytes += chunk.readableBytes
            try await body.write(chunk)
        }
        try await body.finish(nil)
    }

    private func head(_ status: HTTPResponse.Status, _ headers: HTTPFields) -> HTTPResponse {
        sentStatus = status
        var head = HTTPResponse(status: status, headerFields: headers)
        head.headerFields[.requestID] = requestID
        for header in limitHeaders {
            if let name = HTTPField.Name(header.name), head.headerFields[name] == nil {
                head.headerFields[name] = header.value
            }
        }
        if closesConnection { head.headerFields[.connection] = "close" }
        return head
    }
}

extension HTTPField.Name {
    /// Carries the id under which a call is logged.
    static let requestID = Self("x-request-id")!
}
