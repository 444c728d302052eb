#if THREAD_SANITIZER
    import Upstream

    typealias Mutex = SanitizedMutex
#endif
