#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that hold secrets.
enum PrivateFile {
    struct Failure: Error {
        /// In the system's words.
        var reason: String
    }

    /// Writes a file that its owner alone may read, whole at once: nobody who waits for it reads half of it.
    static func make(_ bytes: [UInt8], at path: String) throws(Failure) {
        let draft = "\(path).\(getpid())"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer { unlink(draft) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let failure = failure()
                close(descriptor)
                throw failure
            }
            written += count
        }
        guard close(descriptor) == 0, rename(draft, path) == 0 else { throw failure() }
    }

    /// Whether others than its owner may read a file. False where there is none.
    static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    private static func failure() -> Failure { Failure(reason: String(cString: strerror(errno))) }
}
