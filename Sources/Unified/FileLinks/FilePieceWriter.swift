import Accounts
import Multipart
import NIOCore
import Storage

/// Writes the file of a link, encrypted, in pieces that every node can read. Holds one piece of it.
struct FilePieceWriter {
    /// Bytes of a piece before it is sealed; the last one may have fewer.
    static let pieceSize = 256 << 10

    private let link: FileLink
    private let service: FileLinkService
    private let cipher: SpoolCipher
    /// Bytes that the file may have.
    private let limit: Int64
    private var pending = ByteBuffer()
    private var number: Int64 = 0
    private var length: Int64 = 0

    init(_ link: FileLink, _ service: FileLinkService, limit: Int64) {
        self.link = link
        self.service = service
        self.limit = limit
        cipher = SpoolCipher(key: link.key)
    }

    /// - Throws: `file_too_large`, `AccountsError`.
    mutating func write(_ chunk: ByteBuffer) async throws {
        length += Int64(chunk.readableBytes)
        guard length <= limit else { throw APIError.fileTooLarge(limit: limit) }
        pending.writeImmutableBuffer(chunk)
        // One byte more than a piece, as only the end of the file tells which piece is the last.
        while pending.readableBytes > Self.pieceSize, let piece = pending.readSlice(length: Self.pieceSize) {
            try await add(piece, isLast: false)
        }
        pending.discardReadBytes()
    }

    /// Ends the file.
    ///
    /// - Throws: `AccountsError`.
    mutating func finish() async throws {
        try await add(pending, isLast: true)
        pending = ByteBuffer()
    }

    private mutating func add(_ piece: ByteBuffer, isLast: Bool) async throws {
        let sealed = try piece.withUnsafeReadableBytes { bytes in
            try cipher.seal(bytes, number: UInt64(number), isLast: isLast)
        }
        var encoder = Base64Encoder()
        var text = encoder.encode(ByteBuffer(bytes: sealed))
        text.writeImmutableBuffer(encoder.finish())
        let stored = FilePiece(isLast: isLast, sealed: String(buffer: text))
        try await service.add(stored, number, to: link, length: isLast ? length : nil)
        number += 1
    }
}
