/// How long transactions wait for a server that is not there, counted from when they were asked for.
struct PostgresPatience: Sendable {
    /// A write may hold what cannot be had again, such as a token that has just been renewed: it outlives a restart of the server.
    var write = Duration.seconds(8)
    /// A read that fails loses nothing, so its caller gets the error sooner. Until the first connection it waits as long as a write:
    /// gateway and server may start at the same time.
    var read = Duration.seconds(2)

    func limit(isWrite: Bool, hasConnected: Bool) -> Duration {
        if StoragePatience.isShort { return min(read, write) }
        return isWrite || !hasConnected ? write : min(read, write)
    }
}

/// What callers say of the transactions of a task.
package enum StoragePatience {
    /// Whether a write waits no longer than a read: before anything has happened that it is to keep.
    @TaskLocal package static var isShort = false
}
