import Crypto
import Multipart
import NIOCore

/// The SHA-256 of a file, taken while it passes: only for calls that ask for it.
///
/// `@unchecked Sendable`: used by whoever uses the file's source, which is one task at a time.
final class FileDigest: @unchecked Sendable {
    private var hash = SHA256()
    private var isComplete = false

    func update(_ chunk: ByteBuffer) {
        chunk.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
    }

    /// The file has passed whole.
    func finish() { isComplete = true }

    /// As a member of a digest field (RFC 9530 §2): `sha-256=:…:`; nil until the file has passed whole.
    var field: String? {
        guard isComplete else { return nil }
        var encoder = Base64Encoder()
        var text = encoder.encode(ByteBuffer(bytes: hash.finalize()))
        text.writeImmutableBuffer(encoder.finish())
        return "sha-256=:\(String(buffer: text)):"
    }
}
