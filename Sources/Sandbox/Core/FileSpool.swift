import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Where received files lie: blocks of one file on disk, which has lost its name before its first byte is written.
///
/// It is gone when the process ends, however that ends: a folder stayed behind whenever the process was killed. One file for
/// all of them, since one for each would take a descriptor of each.
final class FileSpool: Sendable {
    static let blockBytes = 64 << 10

    private struct State {
        /// Nil before the first block; negative where the system gives no file.
        var descriptor: Int32?
        /// Blocks that were ever handed out, and those of them that came back.
        var count = 0
        var free: [Int] = []
    }

    private let state = Mutex(State())
    /// A file longer than this many bytes is counted and hashed, but not kept.
    let maxKeptBytes: Int

    init(maxKeptBytes: Int) { self.maxKeptBytes = maxKeptBytes }

    deinit {
        if let descriptor = state.withLock({ $0.descriptor }), descriptor >= 0 { close(descriptor) }
    }

    /// Blocks that hold bytes of a file.
    var usedBlocks: Int { state.withLock { $0.count - $0.free.count } }

    /// A block for the caller alone; nil where there is no file.
    func takeBlock() -> Int? {
        state.withLock { state in
            let descriptor = state.descriptor ?? Self.openFile()
            state.descriptor = descriptor
            guard descriptor >= 0 else { return nil }
            if let free = state.free.popLast() { return free }
            state.count += 1
            return state.count - 1
        }
    }

    func giveBack(_ blocks: [Int]) {
        guard !blocks.isEmpty else { return }
        state.withLock { $0.free += blocks }
    }

    /// Writes inside of a block; false where the disk does not take it.
    func write(_ bytes: UnsafeRawBufferPointer, to block: Int, at start: Int) -> Bool {
        guard let descriptor = state.withLock({ $0.descriptor }) else { return false }
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let place = off_t(block * Self.blockBytes + start + bytes.count - rest.count)
            let count = pwrite(descriptor, part.baseAddress, part.count, place)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Reads inside of a block; nil where it cannot be read.
    func read(_ count: Int, of block: Int, at start: Int) -> [UInt8]? {
        guard let descriptor = state.withLock({ $0.descriptor }) else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let place = off_t(block * Self.blockBytes + start + filled)
                let more = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, place)
                if more < 0, errno == EINTR { continue }
                guard more > 0 else { return }
                filled += more
            }
        }
        return bytes.count == count ? bytes : nil
    }

    private static func openFile() -> Int32 {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var path = Array("\(base)/attache-sandbox-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { return descriptor }
        unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }
}
