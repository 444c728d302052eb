#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The bytes of one received file. Small ones stay in memory, larger ones on disk until nobody holds them.
final class SpooledFile: Sendable {
    private enum Place {
        case memory([UInt8])
        case disk(String)
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

    init(path: String?, size: Int, spool: FileSpool) {
        place = path.map(Place.disk) ?? .dropped
        self.size = size
        self.spool = spool
    }

    deinit {
        if case .disk(let path) = place { unlink(path) }
    }

    /// False when the file was too long to keep.
    var isKept: Bool {
        if case .dropped = place { false } else { true }
    }

    /// Up to `count` bytes from `offset`; nil when they cannot be read.
    func read(at offset: Int, count: Int) -> [UInt8]? {
        switch place {
        case .memory(let bytes): return Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)])
        case .dropped: return nil
        case .disk(let path):
            let file = open(path, O_RDONLY)
            guard file >= 0 else { return nil }
            defer { close(file) }
            return [UInt8](unsafeUninitializedCapacity: count) { buffer, got in
                got = max(0, pread(file, buffer.baseAddress, count, off_t(offset)))
            }
        }
    }

    /// A file with these bytes, for seeds.
    static func holding(_ bytes: [UInt8], in spool: FileSpool) -> SpooledFile {
        SpooledFile(memory: bytes, spool: spool)
    }
}
