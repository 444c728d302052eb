@_spi(Engine) import JSON

/// A number picture such as `#,##0.00`: digits, a point and groups of three, which is what mappings mostly use. Written
/// without going through the general formatter.
struct PlainNumberPicture: Sendable {
    private var leastWhole = 0
    private var leastFraction = 0
    private var mostFraction = 0
    private var groups = false

    /// Room for what `write` writes.
    static var longest: Int { 40 }

    /// nil for any other picture.
    init?(_ picture: String) {
        let parts = picture.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        var whole = parts[0]
        if let comma = whole.firstIndex(of: ",") {
            // One separator, three digits behind it: it repeats all along the number.
            let tail = whole[whole.index(after: comma)...]
            guard tail.count == 3, !tail.contains(","), comma > whole.startIndex else { return nil }
            groups = true
            whole.remove(at: comma)
        }
        let optional = whole.prefix { $0 == "#" }
        let required = whole.dropFirst(optional.count)
        guard !required.isEmpty, required.allSatisfy({ $0 == "0" }), whole.count <= 12 else { return nil }
        leastWhole = required.count
        guard parts.count == 2 else { return }
        let zeros = parts[1].prefix { $0 == "0" }
        let hashes = parts[1].dropFirst(zeros.count)
        guard hashes.allSatisfy({ $0 == "#" }), (1...6).contains(parts[1].count) else { return nil }
        leastFraction = zeros.count
        mostFraction = parts[1].count
    }

    /// Writes `value`; 0 where it is too large for this way.
    func write(_ value: Double, to out: UnsafeMutablePointer<UInt8>) -> Int {
        guard value.magnitude < 1e9 else { return 0 }
        var scale = 1.0
        for _ in 0..<mostFraction { scale *= 10 }
        let rounded = value == value.rounded() ? value : Rounding.halfEven(value, precision: mostFraction)
        // Below 10^15, so that the product is a whole number once rounded.
        var digits = UInt64((rounded.magnitude * scale).rounded())
        var buffer: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
        return withUnsafeMutableBytes(of: &buffer) { bytes in
            // From the end backwards.
            var at = bytes.count
            func put(_ byte: UInt8) {
                at -= 1
                bytes[at] = byte
            }
            var fraction = mostFraction
            var shown = false
            while fraction > 0 {
                let digit = UInt8(truncatingIfNeeded: digits % 10)
                digits /= 10
                if shown || digit != 0 || fraction <= leastFraction {
                    put(0x30 + digit)
                    shown = true
                }
                fraction -= 1
            }
            if shown { put(UInt8(ascii: ".")) }
            var count = 0
            while digits > 0 || count < leastWhole {
                if groups, count > 0, count % 3 == 0 { put(UInt8(ascii: ",")) }
                put(0x30 + UInt8(truncatingIfNeeded: digits % 10))
                digits /= 10
                count += 1
            }
            if value < 0 { put(UInt8(ascii: "-")) }
            let length = bytes.count - at
            UnsafeMutableRawPointer(out).copyMemory(from: bytes.baseAddress! + at, byteCount: length)
            return length
        }
    }
}
