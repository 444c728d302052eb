import Crypto
import NIOCore
import NIOPosix

/// Writes a file of unknown length to disk, encrypted with a key of its own, holding one piece of it.
struct SpoolWriter {
    private let store: TemporaryFile
    private let cipher = SpoolCipher()
    private var pending = ByteBuffer()
    private var number: UInt64 = 0
    private var length: Int64 = 0
    private var hash: SHA256?

    /// - Parameters:
    ///   - folder: where the file lies while it is needed; it has no name there.
    ///   - takesDigest: whether the file's SHA-256 is wanted.
    /// - Throws: `SpoolError`.
    init(in folder: String, takesDigest: Bool = false) async throws {
        store = try await NIOThreadPool.singleton.runIfActive { try TemporaryFile(in: folder) }
        hash = takesDigest ? SHA256() : nil
    }

    /// - Throws: `SpoolError`.
    mutating func write(_ chunk: ByteBuffer) async throws {
        if hash != nil { chunk.withUnsafeReadableBytes { hash?.update(bufferPointer: $0) } }
        length += Int64(chunk.readableBytes)
        pending.writeImmutableBuffer(chunk)
        // One byte more than a piece, as only the end of the file tells which piece is the last.
        while pending.readableBytes > SpoolCipher.pieceSize, let piece = pending.readSlice(length: SpoolCipher.pieceSize) {
            try await seal(piece, isLast: false)
        }
        pending.discardReadBytes()
    }

    /// Ends the file.
    ///
    /// - Throws: `SpoolError`.
    mutating func finish() async throws -> SpooledFile {
        try await seal(pending, isLast: true)
        pending = ByteBuffer()
        return SpooledFile(length: length, digest: hash?.finalize(), store: store, cipher: cipher)
    }

    private mutating func seal(_ piece: ByteBuffer, isLast: Bool) async throws {
        let (store, cipher, number) = (store, cipher, number)
        try await NIOThreadPool.singleton.runIfActive {
            let sealed = try piece.withUnsafeReadableBytes { bytes in
                try cipher.seal(bytes, number: number, isLast: isLast)
            }
            try store.write(sealed, at: Int64(number) * Int64(SpoolCipher.pieceSize + SpoolCipher.overhead))
        }
        self.number += 1
    }
}
