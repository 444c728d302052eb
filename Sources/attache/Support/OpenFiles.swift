#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many files and connections this process may have open.
enum OpenFiles {
    /// Raises the limit as far as the system lets the process: the usual 1024 is two connections for each of 500 uploads.
    ///
    /// - Returns: how many there may be; nil where the system does not say.
    @discardableResult
    static func raiseLimit() -> Int? {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return nil }
        #if canImport(Darwin)
            // Darwin says "no limit" and then refuses more than this.
            limit.rlim_cur = min(limit.rlim_max, rlim_t(OPEN_MAX))
        #else
            limit.rlim_cur = limit.rlim_max
        #endif
        // What cannot be raised stays as it is.
        _ = setrlimit(resource, &limit)
        guard getrlimit(resource, &limit) == 0 else { return nil }
        return Int(exactly: limit.rlim_cur) ?? Int.max / 4
    }
}
