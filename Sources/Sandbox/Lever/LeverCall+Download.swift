import HTTPTypes
import Hummingbird
import NIOCore

extension LeverCall {
    private static let chunkBytes = 64 * 1024

    /// Streams a document's bytes; 422 for one that the sandbox could not keep, as Lever answers
    /// for one that it could not process.
    func download(_ document: LeverDocument) throws(LeverError) -> Response {
        let bytes = document.bytes
        guard bytes.isKept else { throw .unprocessable }
        var headers = Lever.headers
        headers[.contentType] = document.contentType ?? "application/octet-stream"
        headers[.contentDisposition] = "attachment; filename*=UTF-8''\(FormEncoding.encode(document.name))"
        let body = ResponseBody(contentLength: bytes.size) { writer in
            var at = 0
            while at < bytes.size, let chunk = bytes.read(at: at, count: Self.chunkBytes), !chunk.isEmpty {
                try await writer.write(ByteBuffer(bytes: chunk))
                at += chunk.count
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
