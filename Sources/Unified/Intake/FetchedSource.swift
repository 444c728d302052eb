import Encodings
import HTTPTypes
import Multipart
import NIOCore
import Upstream

/// A file that comes from the caller's `file_url`, streamed on as it arrives.
///
/// `@unchecked Sendable`: like `UploadReader`, it has one user at a time, the task that produces the outgoing body, which
/// has ended before the call goes on.
final class FetchedSource: FileSource, @unchecked Sendable {
    let file: FetchedFile
    private var iterator: FetchedBytes.AsyncIterator
    private let digest: FileDigest?

    init(_ file: FetchedFile, digest: FileDigest?) {
        self.file = file
        self.digest = digest
        iterator = file.bytes.makeAsyncIterator()
    }

    var fileSize: Int64? { file.length }
    var fileSizeBound: Int64? { file.length }
    var lateFields: [String] { [] }

    /// The file's name by its source: `Content-Disposition`, else the last segment of the address.
    var filename: String? {
        let stated = file.headers[.contentDisposition].flatMap(ContentDisposition.init(parsing:))?.filename
        if let stated, !stated.isEmpty { return stated }
        return Self.name(inPath: file.url.requestTarget)
    }

    /// The last segment of an address's path.
    static func name(inPath address: String) -> String? {
        var path = address.prefix { $0 != "?" && $0 != "#" }
        if let authority = path.firstRange(of: "://")?.upperBound { path = path[authority...].drop { $0 != "/" } }
        return path.split(separator: "/").last.flatMap { PercentEncoding.decoded($0) }
    }

    /// The media type that the source states.
    var contentType: String? { file.headers[.contentType] }

    func nextFileChunk() async throws -> ByteBuffer? {
        guard let chunk = try await iterator.next() else {
            digest?.finish()
            return nil
        }
        digest?.update(chunk)
        return chunk
    }

    func finish() async throws {}
}
