import NIOCore

/// A file that is read from disk, once for each source.
///
/// `@unchecked Sendable`: like `UploadReader`, it has one user at a time.
final class SpooledSource: FileSource, @unchecked Sendable {
    private let file: SpooledFile
    private var reader: SpoolReader

    init(_ file: SpooledFile) {
        self.file = file
        reader = file.reader()
    }

    var fileSize: Int64? { file.length }
    var fileSizeBound: Int64? { file.length }
    var lateFields: [String] { [] }

    func nextFileChunk() async throws -> ByteBuffer? { try await reader.next() }
    func finish() async throws {}
}
