import Multipart
import NIOCore

@testable import Unified
@testable import Upstream

extension InboundBody {
    /// A body that arrives in these chunks; `failure` in place of its end.
    static func arriving(
        _ chunks: [String], type: String?, disposition: String? = nil, length: Int64? = nil, failure: (any Error)? = nil
    ) -> InboundBody {
        let stream = AsyncThrowingStream<ByteBuffer, any Error> { continuation in
            for chunk in chunks { continuation.yield(ByteBuffer(string: chunk)) }
            continuation.finish(throwing: failure)
        }
        return InboundBody(contentType: type, contentDisposition: disposition, contentLength: length, chunks: stream)
    }

    /// A form, in chunks of so many bytes.
    static func form(_ parts: [TestForm.Part], by size: Int = 1 << 20, isLengthKnown: Bool = false, epilogue: String = "") -> InboundBody {
        let text = TestForm.text(parts) + epilogue
        return arriving(
            text.pieces(of: size), type: TestForm.contentType, length: isLengthKnown ? Int64(text.utf8.count) : nil)
    }

    static func json(_ text: String, by size: Int = 1 << 20) -> InboundBody {
        arriving(text.pieces(of: size), type: "application/json", length: Int64(text.utf8.count))
    }
}

/// `multipart/form-data` as a client writes it.
enum TestForm {
    enum Part: Sendable {
        case field(String, String)
        case file(String, String, name: String? = "cv.pdf", type: String? = "application/pdf")
    }

    static let boundary = "xxBOUNDARYxx"
    static let contentType = "multipart/form-data; boundary=\(boundary)"

    static func text(_ parts: [Part]) -> String {
        var text = ""
        for part in parts {
            text += "--\(boundary)\r\nContent-Disposition: form-data; name="
            switch part {
            case .field(let name, let value): text += "\"\(name)\"\r\n\r\n\(value)\r\n"
            case .file(let name, let bytes, let filename, let type):
                text += "\"\(name)\"" + (filename.map { "; filename=\"\($0)\"" } ?? "")
                text += (type.map { "\r\nContent-Type: \($0)" } ?? "") + "\r\n\r\n\(bytes)\r\n"
            }
        }
        return text + "--\(boundary)--\r\n"
    }
}

extension String {
    /// The text in pieces of so many bytes; ASCII only.
    func pieces(of size: Int) -> [String] {
        let bytes = Array(utf8)
        return stride(from: 0, to: bytes.count, by: size).map {
            String(decoding: bytes[$0..<Swift.min($0 + size, bytes.count)], as: UTF8.self)
        }
    }
}

/// A file that is there in chunks, and what comes behind it.
final class MemorySource: FileSource, @unchecked Sendable {
    private var chunks: [String]
    private let failure: (any Error)?
    let fileSize: Int64?
    let fileSizeBound: Int64?
    private let late: [String]
    private(set) var isFinished = false

    init(
        _ chunks: [String], size: Int64? = nil, bound: Int64? = nil, late: [String] = [], failure: (any Error)? = nil
    ) {
        self.chunks = chunks
        self.failure = failure
        fileSize = size
        fileSizeBound = bound ?? size
        self.late = late
    }

    var lateFields: [String] { isFinished ? late : [] }

    func nextFileChunk() async throws -> ByteBuffer? {
        if !chunks.isEmpty { return ByteBuffer(string: chunks.removeFirst()) }
        if let failure { throw failure }
        return nil
    }

    func finish() async throws { isFinished = true }
}

/// What `body` writes, and what it threw.
func written(length: Int64? = nil, _ body: (BodyWriter) async throws -> Void) async -> (text: String, error: (any Error)?) {
    let pipe = BodyPipe(capacity: .max / 2)
    var failure: (any Error)?
    do { try await body(BodyWriter(pipe: pipe, length: length)) } catch { failure = error }
    pipe.finish()
    var whole = ByteBuffer()
    while var chunk = try? await pipe.next() { whole.writeBuffer(&chunk) }
    return (String(buffer: whole), failure)
}

struct Broken: Error, Hashable {}
