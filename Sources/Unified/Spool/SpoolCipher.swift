import Crypto
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Seals a file in pieces: AES-256-GCM (NIST SP 800-38D) under a key that no other file has.
///
/// A piece's nonce is its number and whether it is the last one. So no nonce is used twice, and a file whose pieces were
/// changed, moved or cut off does not open.
struct SpoolCipher: Sendable {
    /// Bytes of a piece before it is sealed; the last one may have fewer.
    static let pieceSize = 64 << 10
    /// Bytes that sealing adds to each piece.
    static let overhead = 16

    private let key: SymmetricKey

    /// - Parameter key: 256 bits, for one file alone; a fresh one where none is given.
    init(key: SymmetricKey = SymmetricKey(size: .bits256)) { self.key = key }

    /// - Throws: `SpoolError.damaged`, which sealing does not do in fact.
    func seal(_ piece: UnsafeRawBufferPointer, number: UInt64, isLast: Bool) throws(SpoolError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(piece, using: key, nonce: Self.nonce(number, isLast))
            return Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw .damaged
        }
    }

    /// - Throws: `SpoolError.damaged` where the bytes are not that piece of the file.
    func open(_ sealed: [UInt8], number: UInt64, isLast: Bool) throws(SpoolError) -> [UInt8] {
        guard sealed.count >= Self.overhead else { throw .damaged }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: Self.nonce(number, isLast), ciphertext: sealed.dropLast(Self.overhead),
                tag: sealed.suffix(Self.overhead))
            return Array(try AES.GCM.open(box, using: key))
        } catch {
            throw .damaged
        }
    }

    private static func nonce(_ number: UInt64, _ isLast: Bool) throws -> AES.GCM.Nonce {
        var bytes = [UInt8](repeating: 0, count: 12)
        bytes[0] = isLast ? 1 : 0
        withUnsafeBytes(of: number.bigEndian) { bytes.replaceSubrange(4..<12, with: $0) }
        return try AES.GCM.Nonce(data: bytes)
    }
}

/// Why a file cannot be spooled.
enum SpoolError: Error, Hashable {
    /// The file could not be made, written or read: the system's error number.
    case system(CInt)
    /// What is read is not what was written.
    case damaged
}
