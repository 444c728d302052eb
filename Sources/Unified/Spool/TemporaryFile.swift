#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file without a name: it is gone when this object is, and when the process ends, however that ends.
final class TemporaryFile: Sendable {
    private let descriptor: CInt

    /// Makes an empty file in a folder and takes its name away at once.
    ///
    /// - Throws: `SpoolError.system`.
    init(in folder: String) throws(SpoolError) {
        var path = Array("\(folder)/attache-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw .system(errno) }
        unlink(path)
        // A program that this one starts must not inherit it.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// - Throws: `SpoolError.system`, as when the disk is full.
    func write(_ bytes: [UInt8], at offset: Int64) throws(SpoolError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { input in
                pwrite(descriptor, input.baseAddress.map { $0 + done }, input.count - done, off_t(offset) + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(count < 0 ? errno : ENOSPC) }
            done += count
        }
    }

    /// Up to so many bytes; fewer at the file's end.
    ///
    /// - Throws: `SpoolError.system`.
    func read(_ count: Int, at offset: Int64) throws(SpoolError) -> [UInt8] {
        var failure: CInt?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            while filled < count {
                let more = pread(
                    descriptor, output.baseAddress.map { $0 + filled }, count - filled, off_t(offset) + off_t(filled))
                if more < 0, errno == EINTR { continue }
                if more < 0 { failure = errno }
                guard more > 0 else { return }
                filled += more
            }
        }
        if let failure { throw .system(failure) }
        return bytes
    }
}
