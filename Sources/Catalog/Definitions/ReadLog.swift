import Synchronization

/// Which members of a definition its decoding has read.
final class ReadLog: Sendable {
    private let read = Mutex<(paths: Set<[String]>, whole: Set<[String]>)>(([], []))

    /// - Parameter isWhole: everything below it counts as read too.
    func note(_ path: [String], isWhole: Bool) {
        read.withLock { read in
            read.paths.insert(path)
            if isWhole { read.whole.insert(path) }
        }
    }

    func contains(_ path: [String]) -> Bool {
        read.withLock { read in
            read.paths.contains(path) || (1...max(1, path.count)).contains { read.whole.contains(Array(path.prefix($0))) }
        }
    }
}
