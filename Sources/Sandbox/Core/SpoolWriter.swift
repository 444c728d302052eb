#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Writes one file into the spool; what it wrote goes again unless it is finished.
final class SpoolWriter {
    private static let memoryBytes = 16 * 1024

    private let spool: FileSpool
    private var memory: [UInt8] = []
    private var size = 0
    private var path: String?
    private var file: Int32 = -1
    /// Too long to keep, or the disk refused: counted only.
    private var isDropped = false

    init(_ spool: FileSpool) { self.spool = spool }

    deinit { discard() }

    func write(_ bytes: UnsafeRawBufferPointer) {
        size += bytes.count
        guard !isDropped else { return }
        if size > spool.maxKeptBytes {
            drop()
        } else if path == nil, size <= Self.memoryBytes {
            memory.append(contentsOf: bytes)
        } else {
            if path == nil, !moveToDisk() { return }
            if !writeToDisk(bytes) { drop() }
        }
    }

    func finish() -> SpooledFile {
        if file >= 0 { close(file) }
        file = -1
        defer { path = nil }
        if path == nil, !isDropped { return SpooledFile(memory: memory, spool: spool) }
        return SpooledFile(path: path, size: size, spool: spool)
    }

    private func moveToDisk() -> Bool {
        let path = spool.newPath()
        file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600)
        guard file >= 0 else {
            drop()
            return false
        }
        self.path = path
        let kept = memory.withUnsafeBytes { writeToDisk($0) }
        memory = []
        if !kept { drop() }
        return kept
    }

    private func writeToDisk(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = writeBytes(file, part)
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func drop() {
        discard()
        isDropped = true
        memory = []
    }

    private func discard() {
        if file >= 0 { close(file) }
        if let path { unlink(path) }
        file = -1
        path = nil
    }
}

private func writeBytes(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(file, bytes.baseAddress, bytes.count)
}
