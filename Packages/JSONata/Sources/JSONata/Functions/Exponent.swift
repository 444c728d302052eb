#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Powers as JavaScript has them: NaN where C says that one to anything is one.
enum Exponent {
    static func power(_ base: Double, _ exponent: Double) -> Double {
        if exponent.isNaN || abs(base) == 1 && exponent.isInfinite { return .nan }
        return pow(base, exponent)
    }
}
