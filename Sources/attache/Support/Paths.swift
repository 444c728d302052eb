import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What is at a path, as far as this user may know.
enum FilePresence: Sendable, Hashable {
    case present
    case absent
    /// The system does not say, in its own words why.
    case hidden(String)

    init(_ path: String) {
        var status = stat()
        if stat(path, &status) == 0 {
            self = .present
        } else if errno == ENOENT || errno == ENOTDIR {
            self = .absent
        } else {
            self = .hidden(String(cString: strerror(errno)))
        }
    }
}

/// Paths as people need to see them, and what can be done there.
enum Paths {
    /// In full, so that a message says which folder was meant.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        let current = FileManager.default.currentDirectoryPath
        let rest = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return current.hasSuffix("/") ? current + rest : "\(current)/\(rest)"
    }

    /// Why no file can be made in a folder, which itself may have to be made; nil where nothing is in the way.
    static func obstacle(toMakingFilesIn folder: String) -> String? {
        var path = absolute(folder)
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        while true {
            var status = stat()
            if stat(path, &status) == 0 {
                guard status.st_mode & S_IFMT == S_IFDIR else { return "\(path) is a file, not a folder" }
                return access(path, W_OK | X_OK) == 0 ? nil : "this user may not make files in \(path)"
            }
            guard errno == ENOENT || errno == ENOTDIR, path != "/" else {
                return "this user may not look into \(path): \(String(cString: strerror(errno)))"
            }
            path = parent(path)
        }
    }

    /// The folder that a file is in.
    static func parent(_ path: String) -> String {
        let path = absolute(path)
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
