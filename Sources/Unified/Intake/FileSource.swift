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
