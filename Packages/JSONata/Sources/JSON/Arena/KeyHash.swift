/// The hash of member names and of texts, with a seed of the process: nobody can choose names that all fall into one place.
@_spi(Engine) public enum KeyHash {
    /// Odd, so that multiplying by it loses nothing.
    private static let seed = UInt64.random(in: .min ... .max) | 1
    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

    @_spi(Engine) public static func hash(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        let seed = seed
        var hash = mix(seed ^ UInt64(truncatingIfNeeded: count), step)
        let raw = UnsafeRawPointer(bytes)
        var at = 0
        while at &+ 8 <= count {
            hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self), seed)
            at &+= 8
        }
        if at < count {
            var rest: UInt64 = 0
            if count >= 8 {
                rest = raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            } else {
                for index in at..<count { rest = rest << 8 | UInt64(bytes[index]) }
            }
            hash = mix(hash ^ rest, seed)
        }
        return mix(hash, step)
    }

    /// Both halves of the product of two words.
    @inline(__always) @_spi(Engine) public static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
