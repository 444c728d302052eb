#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Overwrites memory that held a key, with a call that no compiler leaves out because nobody reads the zeros.
///
/// What is wiped must have no other owner: a copy of it would be made, and that one be wiped.
enum Wiping {
    static func wipe(_ bytes: inout [UInt8]) { bytes.withUnsafeMutableBytes(wipe) }

    static func wipe(_ data: inout Data) { data.withUnsafeMutableBytes(wipe) }

    private static func wipe(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let start = buffer.baseAddress else { return }
        #if canImport(Darwin)
            memset_s(start, buffer.count, 0, buffer.count)
        #else
            explicit_bzero(start, buffer.count)
        #endif
    }
}
