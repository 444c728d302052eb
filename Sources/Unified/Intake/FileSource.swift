import NIOCore

/// Where the file of a call comes from while it streams: a form that is still arriving, or an address.
///
/// One task at a time uses it: the call's own, then the one that produces the outgoing body.
protocol FileSource: AnyObject, Sendable {
    /// The file's size in bytes, as far as it is known by now.
    var fileSize: Int64? { get }
    /// The file has no more bytes than this.
    var fileSizeBound: Int64? { get }
    /// Names of the fields that came behind the file, once `finish` has returned.
    var lateFields: [String] { get }

    /// The file's next bytes; nil at its end.
    func nextFileChunk() async throws -> ByteBuffer?
    /// Reads what the file came in to its end.
    func finish() async throws
}

extension UploadReader: FileSource {}

extension FileSource {
    /// Writes the file to disk and reads what it came in to its end: then its size is known, and all that a body says,
    /// wherever it stands.
    ///
    /// - Throws: as the other steps; `overloaded` where there is no room on the disk.
    func spool(in folder: String) async throws -> SpooledFile {
        do {
            var writer = try await SpoolWriter(in: folder)
            while let chunk = try await nextFileChunk() { try await writer.write(chunk) }
            try await finish()
            return try await writer.finish()
        } catch let error as SpoolError {
            throw APIError(error)
        }
    }
}
