#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The first place of `needle` in `bytes` at or after `start`; nil when it is not there.
///
/// `memchr` finds candidates, so that a debug build also moves large bodies at a useful pace.
func firstIndex(of needle: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress, let first = needle.first else { return nil }
    var at = start
    while at + needle.count <= bytes.count {
        guard let found = memchr(base + at, Int32(first), bytes.count - needle.count + 1 - at) else { return nil }
        let place = UnsafeRawPointer(found) - base
        let same = needle.withUnsafeBytes { memcmp(base + place, $0.baseAddress!, needle.count) == 0 }
        if same { return place }
        at = place + 1
    }
    return nil
}
