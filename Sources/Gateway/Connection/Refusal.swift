import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import Unified

/// The response to bytes that are no request. There is no call that it could be logged with, so it is logged here.
struct Refusal: Sendable {
    let logger: Logger

    func response(to error: APIError) -> (head: HTTPResponseHead, body: ByteBuffer) {
        let id = RequestID.make()
        let reply = Reply.error(error, requestID: id, accept: nil)
        var head = HTTPResponse(status: reply.status, headerFields: reply.headers)
        ResponseFields.complete(&head.headerFields, requestID: id)
        head.headerFields[.contentLength] = String(reply.body.readableBytes)
        head.headerFields[.connection] = "close"
        logger.info(
            "request",
            metadata: [
                "request_id": .string(id), "route": "none", "status": .stringConvertible(error.status),
                "code": .string(error.code.name),
            ])
        return (HTTPResponseHead(head), reply.body)
    }
}
