/// How a class of code units looks in WTF-8: a verdict for each byte that may begin a unit.
///
/// Subjects hold no 4-byte sequences (`RegexSubject` splits them), so each unit is a sequence of 1 to 3 bytes.
enum ByteClass {
    static let outside: UInt8 = 0
    static let inside: UInt8 = 1
    /// The first byte does not decide: decode the unit and search the ranges.
    static let undecided: UInt8 = 2

    /// 256 verdicts. Continuation bytes are inside, so that a run goes over accepted units byte by byte.
    static func table(of set: CodeUnitSet) -> [UInt8] {
        (0...255).map { byte in
            if (0x80...0xBF).contains(byte) { return inside }
            guard let units = units(leadingWith: UInt8(byte)) else { return outside }
            return set.covers(units) ? inside : set.intersects(units) ? undecided : outside
        }
    }

    /// The bytes that units of `set` begin with.
    static func leads(of set: CodeUnitSet) -> ByteSet {
        var leads = ByteSet.none
        for byte in UInt8(0)...0xEF {
            if let units = units(leadingWith: byte), set.intersects(units) { leads.insert(byte) }
        }
        return leads
    }

    private static func units(leadingWith byte: UInt8) -> ClosedRange<UInt16>? {
        let unit = UInt16(byte)
        switch byte {
        case 0...0x7F: return unit...unit
        case 0xC2...0xDF: return ((unit & 0x1F) << 6)...((unit & 0x1F) << 6 | 0x3F)
        case 0xE0: return 0x800...0xFFF
        case 0xE1...0xEF: return ((unit & 0xF) << 12)...((unit & 0xF) << 12 | 0xFFF)
        default: return nil
        }
    }
}
