import Testing

@testable import Sandbox

@Suite struct FileSpoolTests {
    /// A file whose bytes came in pieces of `piece`.
    private func file(_ bytes: [UInt8], pieces piece: Int, in spool: FileSpool) -> SpooledFile {
        let writer = SpoolWriter(spool)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { writer.write($0) }
        }
        return writer.finish()
    }

    @Test(arguments: [0, 1, 16_384, 16_385, 65_536, 65_537, 200_000], [1_000, 65_536, 300_000])
    func `a file is read back from any place, however it came`(size: Int, piece: Int) {
        let spool = FileSpool(maxKeptBytes: 1 << 20)
        let bytes = pattern(size)
        // Another one lies between.
        let others = (0..<2).map { _ in file(pattern(70_000), pieces: 70_000, in: spool) }
        let kept = file(bytes, pieces: piece, in: spool)
        #expect(kept.isKept && kept.size == size)
        for start in [0, 1, 65_535, 65_536, 65_537, size] where start <= size {
            for count in [0, 1, 65_536, size + 10] {
                #expect(kept.read(at: start, count: count) == Array(bytes[start..<min(start + count, size)]), "\(start) \(count)")
            }
        }
        withExtendedLifetime(others) {}
    }

    @Test func `blocks of a file that nobody holds are taken by the next one`() {
        let spool = FileSpool(maxKeptBytes: 200_000)
        for _ in 0..<3 {
            let kept = file(pattern(200_000), pieces: 10_000, in: spool)
            #expect(kept.isKept && spool.usedBlocks == 4)
        }
        #expect(spool.usedBlocks == 0)
        #expect(!file(pattern(200_001), pieces: 10_000, in: spool).isKept)
        #expect(spool.usedBlocks == 0)
        var writer: SpoolWriter? = SpoolWriter(spool)
        pattern(100_000).withUnsafeBytes { writer?.write($0) }
        #expect(spool.usedBlocks == 2)
        writer = nil
        #expect(spool.usedBlocks == 0)
    }
}
