/// The bytes of one received file. Small ones stay in memory, larger ones on disk until nobody holds them.
final class SpooledFile: Sendable {
    private enum Place {
        case memory([UInt8])
        case disk([Int])
        case dropped
    }

    private let place: Place
    private let spool: FileSpool
    let size: Int

    init(memory bytes: [UInt8], spool: FileSpool) {
        place = .memory(bytes)
        size = bytes.count
        self.spool = spool
    }

    /// - Parameter blocks: of the spool, which the file gives back.
    init(blocks: [Int], size: Int, spool: FileSpool) {
        place = .disk(blocks)
        self.size = size
        self.spool = spool
    }

    /// A file that was counted, and not kept.
    init(dropped size: Int, spool: FileSpool) {
        place = .dropped
        self.size = size
        self.spool = spool
    }

    deinit {
        if case .disk(let blocks) = place { spool.giveBack(blocks) }
    }

    /// False when the file was too long to keep.
    var isKept: Bool {
        if case .dropped = place { false } else { true }
    }

    /// Up to `count` bytes from `offset`; nil when they cannot be read.
    func read(at offset: Int, count: Int) -> [UInt8]? {
        let (start, end) = (min(offset, size), min(offset + count, size))
        switch place {
        case .memory(let bytes): return Array(bytes[start..<end])
        case .dropped: return nil
        case .disk(let blocks):
            var bytes: [UInt8] = []
            bytes.reserveCapacity(end - start)
            while bytes.count < end - start {
                let (at, inside) = (start + bytes.count).quotientAndRemainder(dividingBy: FileSpool.blockBytes)
                let left = end - start - bytes.count
                guard let piece = spool.read(min(left, FileSpool.blockBytes - inside), of: blocks[at], at: inside) else { return nil }
                bytes += piece
            }
            return bytes
        }
    }

    /// A file with these bytes, for seeds.
    static func holding(_ bytes: [UInt8], in spool: FileSpool) -> SpooledFile {
        SpooledFile(memory: bytes, spool: spool)
    }
}
