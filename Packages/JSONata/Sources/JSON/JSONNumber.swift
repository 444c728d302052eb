// Brings in libm, which the standard library's rounding calls: a program without any other C import would not link.
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A JSON number as it was written: ids above 2^53 and `1.0` survive a round trip unchanged.
///
/// Equality and hashing are by text, so `1.0` and `1` differ as documents do; compare `double` for arithmetic.
public struct JSONNumber: Sendable, Hashable {
    /// The number's text, always valid by RFC 8259 §6.
    public let text: String

    /// - Precondition: `text` matches the grammar of RFC 8259 §6; the parser guarantees it.
    public init(unchecked text: String) { self.text = text }

    public init(_ value: Int) { text = String(value) }

    /// The shortest text that reads back as `value`, laid out as JavaScript prints it; NaN and infinities become 0.
    public init(_ value: Double) {
        if let whole = Int64(exactly: value), whole.magnitude < 1_000_000_000_000_000 {
            text = String(whole)
        } else {
            text = value.isFinite ? value.description : "0"
        }
    }

    public var double: Double { Double(text) ?? .infinity }

    /// The value as an integer where the text is one that fits.
    public var int: Int? { Int(text) }
}
