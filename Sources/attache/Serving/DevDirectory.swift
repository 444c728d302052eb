import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where `attache dev` keeps its database: a folder for one run, or one that stays.
struct DevDirectory: Sendable {
    private static let prefix = "attache-dev-"
    private static let lockName = "lock"

    let path: String
    /// Locked as long as the run lasts, and let go by the system however it ends; nil for a folder that stays.
    private let lock: Int32?

    /// - Parameter temporary: the folder that the one for this run is made in.
    init(_ given: String?, in temporary: String = FileManager.default.temporaryDirectory.path) throws(CommandError) {
        if let given {
            (path, lock) = (given, nil)
            return
        }
        Self.removeLeft(in: temporary)
        var template = Array("\(temporary)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CommandError(
                "Cannot make a folder in \(temporary): \(String(cString: strerror(errno)))", do: "Give one with --data-dir")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        lock = open("\(path)/\(Self.lockName)", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        if let lock, lock >= 0 { _ = flock(lock, LOCK_EX | LOCK_NB) }
    }

    /// Removes the folder, unless it is to stay.
    func remove() {
        guard let lock else { return }
        try? FileManager.default.removeItem(atPath: path)
        if lock >= 0 { close(lock) }
    }

    /// Removes what runs have left that were killed: folders whose lock is free. One without a lock is just being made.
    private static func removeLeft(in temporary: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: temporary)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let lock = open("\(temporary)/\(name)/\(lockName)", O_RDWR | O_CLOEXEC)
            guard lock >= 0 else { continue }
            defer { close(lock) }
            if flock(lock, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: "\(temporary)/\(name)") }
        }
    }
}
