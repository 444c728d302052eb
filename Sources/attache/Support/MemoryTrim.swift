#if canImport(Glibc)
    import Glibc

    /// Memory that was freed, and that the C library keeps in case it is asked for again.
    ///
    /// glibc gives pages back on its own only from the end of its heap. After a rush of calls much stays behind whatever
    /// small thing lies last, for as long as the process lives.
    enum MemoryTrim {
        /// `malloc_trim(3)`: safe beside other threads, which wait for it no longer than it looks at one heap.
        private static let trim = dlsym(nil, "malloc_trim").map {
            unsafeBitCast($0, to: (@convention(c) @Sendable (Int) -> Int32).self)
        }

        /// Gives all whole pages back that are not in use.
        static func release() { _ = trim?(0) }
    }
#else
    /// Other C libraries give memory back by themselves.
    enum MemoryTrim {
        static func release() {}
    }
#endif
