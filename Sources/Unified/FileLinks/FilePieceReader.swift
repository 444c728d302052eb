package import Accounts
import Multipart
package import NIOCore
import Storage

/// The bytes of a link's file, or a part of them, as they are read from the database; also while another node is writing.
package struct FilePieceReader: AsyncSequence, AsyncIteratorProtocol, Sendable {
    package typealias Element = ByteBuffer

    private let link: FileLink
    private let service: FileLinkService
    private let cipher: SpoolCipher
    private var number: Int64
    /// Bytes of the first piece that are not asked for.
    private var skipped: Int
    /// Bytes that are still asked for; nil: all there are.
    private var left: Int64?
    private var hasEnded = false

    /// How often a piece that is being written is asked for, and for how long nothing may come.
    private static let pause = Duration.milliseconds(50)
    private static let patience = 1200

    /// - Parameter range: bytes of the file; nil: the whole of it.
    package init(_ link: FileLink, _ service: FileLinkService, range: Range<Int64>? = nil) {
        self.link = link
        self.service = service
        cipher = SpoolCipher(key: link.key)
        let start = range?.lowerBound ?? 0
        number = start / Int64(FilePieceWriter.pieceSize)
        skipped = Int(start % Int64(FilePieceWriter.pieceSize))
        left = range.map { Int64($0.count) }
    }

    package func makeAsyncIterator() -> Self { self }

    /// - Throws: `AccountsError`; `internal_error` for a piece that is not what was written.
    package mutating func next() async throws -> ByteBuffer? {
        guard !hasEnded else { return nil }
        let piece = try await piece()
        var bytes = try open(piece.sealed, isLast: piece.isLast)
        bytes.moveReaderIndex(forwardBy: Swift.min(skipped, bytes.readableBytes))
        skipped = 0
        if let left {
            let count = Int(Swift.min(left, Int64(bytes.readableBytes)))
            bytes = bytes.readSlice(length: count) ?? ByteBuffer()
            self.left = left - Int64(count)
        }
        number += 1
        hasEnded = piece.isLast || left == 0
        return bytes
    }

    private func piece() async throws -> (isLast: Bool, sealed: String) {
        var isWhole = false
        for _ in 0..<Self.patience {
            if let piece = try await service.piece(number, of: link) { return (piece.isLast, piece.sealed) }
            // The rest may have been written since the piece was asked for: it is asked for once more.
            guard !isWhole, let now = try await service.find(link.id) else { break }
            isWhole = now.record.isWhole
            if !isWhole { try await Task.sleep(for: Self.pause) }
        }
        // The call that was to bring the file has failed; what was sent of it must not look like all.
        throw CancellationError()
    }

    private func open(_ text: String, isLast: Bool) throws -> ByteBuffer {
        do {
            var decoder = Base64Decoder()
            var sealed = try decoder.decode(ByteBuffer(string: text))
            sealed.writeImmutableBuffer(try decoder.finish())
            return ByteBuffer(
                bytes: try cipher.open(Array(sealed.readableBytesView), number: UInt64(number), isLast: isLast))
        } catch {
            throw APIError(.internalError, "The file was damaged in the gateway's database")
        }
    }
}
