#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

#if !canImport(Darwin)
    /// In glibc and musl, but behind `_GNU_SOURCE`, so the platform module does not show it.
    @_silgen_name("pthread_getattr_np")
    private func pthread_getattr_np(_ thread: pthread_t, _ attributes: UnsafeMutablePointer<pthread_attr_t>) -> Int32
#endif

/// How much of the running thread's stack is left: recursion asks instead of assuming a size.
@_spi(Engine) public enum StackGuard {
    /// Kept free for leaf calls and error paths.
    private static let reserve: UInt = 96 * 1024

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// The lowest address that recursion on this thread may reach. Looked up once per thread.
    @_spi(Engine) public static var lowest: UInt {
        if let known = pthread_getspecific(key) { return UInt(bitPattern: known) }
        let low = bounds()
        pthread_setspecific(key, UnsafeRawPointer(bitPattern: low))
        return low
    }

    private static func bounds() -> UInt {
        #if canImport(Darwin)
            let top = UInt(bitPattern: pthread_get_stackaddr_np(pthread_self()))
            return top - UInt(pthread_get_stacksize_np(pthread_self())) + reserve
        #else
            var attributes = pthread_attr_t()
            var address: UnsafeMutableRawPointer?
            var size = 0
            guard pthread_getattr_np(pthread_self(), &attributes) == 0 else { return here - 256 * 1024 }
            defer { pthread_attr_destroy(&attributes) }
            pthread_attr_getstack(&attributes, &address, &size)
            // The main thread's stack grows on demand and may be reported as unlimited.
            if size > 1 << 30 { return here - 512 * 1024 }
            return UInt(bitPattern: address) + reserve
        #endif
    }

    /// An address in the caller's frame.
    @inlinable @inline(__always) @_spi(Engine) public static var here: UInt {
        var byte: UInt8 = 0
        return withUnsafeMutablePointer(to: &byte) { UInt(bitPattern: $0) }
    }
}
