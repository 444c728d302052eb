import Crypto
import FoundationEssentials
import NIOCore
import Testing

@testable import Unified

/// A file on disk: what is written is read, and nobody else can read it or change it unseen.
@Suite struct SpoolTests {
    static let piece = SpoolCipher.pieceSize

    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

    static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spool-\(UInt64.random(in: .min ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    static func read(_ file: SpooledFile) async throws -> [UInt8] {
        var reader = file.reader()
        var all: [UInt8] = []
        while let chunk = try await reader.next() {
            #expect(chunk.readableBytes > 0)
            all += chunk.readableBytesView
        }
        #expect(try await reader.next() == nil)
        return all
    }

    @Test(arguments: [0, 1, 100, piece - 1, piece, piece + 1, 2 * piece, 3 * piece + 17], [1000, piece, 5 * piece])
    func `what is written is read, as often as wanted`(count: Int, chunk: Int) async throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let bytes = Self.bytes(count)
        var writer = try await SpoolWriter(in: folder.path, takesDigest: true)
        for start in stride(from: 0, to: count, by: chunk) {
            try await writer.write(ByteBuffer(bytes: bytes[start..<min(start + chunk, count)]))
        }
        let file = try await writer.finish()
        #expect(file.length == Int64(count))
        #expect(file.digest == SHA256.hash(data: bytes))
        #expect(try await Self.read(file) == bytes)
        #expect(try await Self.read(file) == bytes)
        // It never had a name that a crash could leave behind.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `two readers do not disturb each other`() async throws {
        var writer = try await SpoolWriter(in: SpoolFolder.standard)
        let bytes = Self.bytes(2 * Self.piece + 5)
        try await writer.write(ByteBuffer(bytes: bytes))
        let file = try await writer.finish()
        var first = file.reader()
        var second = file.reader()
        var (a, b): ([UInt8], [UInt8]) = ([], [])
        while let chunk = try await first.next() {
            a += chunk.readableBytesView
            if let other = try await second.next() { b += other.readableBytesView }
        }
        #expect(a == bytes)
        #expect(b == bytes)
        #expect(file.digest == nil)
    }

    @Test func `the disk holds nothing of the file, and two files with the same bytes differ`() async throws {
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 1000)
        var stored: [[UInt8]] = []
        for _ in 0..<2 {
            var writer = try await SpoolWriter(in: SpoolFolder.standard)
            try await writer.write(ByteBuffer(bytes: bytes))
            let file = try await writer.finish()
            stored.append(try file.store.read(2000, at: 0))
        }
        #expect(stored[0].count == 1000 + SpoolCipher.overhead)
        #expect(stored[0] != stored[1])
        #expect(!String(decoding: stored[0], as: UTF8.self).contains("xxxx"))
    }

    @Test func `pieces that were changed, moved, cut off or made the last do not open`() throws {
        let cipher = SpoolCipher()
        let sealed = try Self.bytes(100).withUnsafeBytes { try cipher.seal($0, number: 3, isLast: false) }
        #expect(try cipher.open(sealed, number: 3, isLast: false) == Self.bytes(100))
        var changed = sealed
        changed[50] ^= 1
        for (bytes, number, isLast) in [
            (changed, 3, false), (sealed, 4, false), (sealed, 3, true), (Array(sealed.dropLast()), 3, false), ([], 3, false),
        ] as [([UInt8], UInt64, Bool)] {
            #expect(throws: SpoolError.damaged) { try cipher.open(bytes, number: number, isLast: isLast) }
        }
        #expect(throws: SpoolError.damaged) { try SpoolCipher().open(sealed, number: 3, isLast: false) }
    }

    @Test func `a file that was changed on disk is not read`() async throws {
        var writer = try await SpoolWriter(in: SpoolFolder.standard)
        try await writer.write(ByteBuffer(bytes: Self.bytes(10)))
        let file = try await writer.finish()
        try file.store.write([0, 0, 0], at: 2)
        await #expect(throws: SpoolError.damaged) { try await Self.read(file) }
    }

    @Test func `a folder that is not there is said so`() async {
        await #expect(throws: SpoolError.system(2)) { try await SpoolWriter(in: "/nosuch/folder") }
    }
}
