import Encodings

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A private folder for received files; it is removed with its content when the sandbox ends.
final class FileSpool: Sendable {
    let path: String
    /// A file longer than this many bytes is counted and hashed, but not kept.
    let maxKeptBytes: Int

    init(maxKeptBytes: Int) throws(SandboxError) {
        self.maxKeptBytes = maxKeptBytes
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/attache-sandbox-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .spool("cannot make a folder in \(base): \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Empty by then: every file in it holds the spool and removes itself first.
    deinit { rmdir(path) }

    func newPath() -> String {
        "\(path)/\(Hex.text((0..<16).map { _ in UInt8.random(in: .min ... .max) }))"
    }
}
