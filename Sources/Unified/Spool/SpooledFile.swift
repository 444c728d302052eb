import Crypto
import NIOCore
import NIOPosix

/// A file that lies encrypted on disk, to be read as often as needed. Its bytes are gone with its last owner.
struct SpooledFile: Sendable {
    /// Bytes.
    let length: Int64
    /// The file's SHA-256, where the writer was asked to take it.
    let digest: SHA256.Digest?

    let store: TemporaryFile
    let cipher: SpoolCipher

    /// Reads the file from its start; several readers do not disturb each other.
    func reader() -> SpoolReader { SpoolReader(self) }
}

/// Reads a spooled file piece by piece.
struct SpoolReader {
    private let file: SpooledFile
    private var number: UInt64 = 0
    private var left: Int64

    init(_ file: SpooledFile) {
        self.file = file
        left = file.length
    }

    /// The next bytes; nil at the end.
    ///
    /// - Throws: `SpoolError`.
    mutating func next() async throws -> ByteBuffer? {
        guard left > 0 else { return nil }
        let size = Int(min(left, Int64(SpoolCipher.pieceSize)))
        let isLast = Int64(size) == left
        let (file, number) = (file, number)
        let piece = try await NIOThreadPool.singleton.runIfActive {
            let place = Int64(number) * Int64(SpoolCipher.pieceSize + SpoolCipher.overhead)
            let sealed = try file.store.read(size + SpoolCipher.overhead, at: place)
            return ByteBuffer(bytes: try file.cipher.open(sealed, number: number, isLast: isLast))
        }
        left -= Int64(size)
        self.number += 1
        return piece
    }
}
