/// Writes one file into the spool; what it wrote goes again unless it is finished.
final class SpoolWriter {
    private static let memoryBytes = 16 * 1024

    private let spool: FileSpool
    private var memory: [UInt8] = []
    private var size = 0
    /// Of the file on disk, in its order; empty while it is in memory.
    private var blocks: [Int] = []
    /// Too long to keep, or the disk refused: counted only.
    private var isDropped = false

    init(_ spool: FileSpool) { self.spool = spool }

    deinit { spool.giveBack(blocks) }

    func write(_ bytes: UnsafeRawBufferPointer) {
        let start = size
        size += bytes.count
        guard !isDropped else { return }
        if size > spool.maxKeptBytes {
            drop()
        } else if blocks.isEmpty, size <= Self.memoryBytes {
            memory.append(contentsOf: bytes)
        } else if !moveToDisk() || !writeToDisk(bytes, at: start) {
            drop()
        }
    }

    func finish() -> SpooledFile {
        guard !isDropped else { return SpooledFile(dropped: size, spool: spool) }
        guard !blocks.isEmpty else { return SpooledFile(memory: memory, spool: spool) }
        defer { blocks = [] }
        return SpooledFile(blocks: blocks, size: size, spool: spool)
    }

    private func moveToDisk() -> Bool {
        guard blocks.isEmpty else { return true }
        defer { memory = [] }
        guard let first = spool.takeBlock() else { return false }
        blocks = [first]
        return memory.withUnsafeBytes { writeToDisk($0, at: 0) }
    }

    private func writeToDisk(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        var (rest, place) = (bytes[...], start)
        while !rest.isEmpty {
            let (at, inside) = place.quotientAndRemainder(dividingBy: FileSpool.blockBytes)
            if at == blocks.count {
                guard let next = spool.takeBlock() else { return false }
                blocks.append(next)
            }
            let piece = rest.prefix(FileSpool.blockBytes - inside)
            guard spool.write(UnsafeRawBufferPointer(rebasing: piece), to: blocks[at], at: inside) else { return false }
            rest = rest.dropFirst(piece.count)
            place += piece.count
        }
        return true
    }

    private func drop() {
        spool.giveBack(blocks)
        blocks = []
        memory = []
        isDropped = true
    }
}
