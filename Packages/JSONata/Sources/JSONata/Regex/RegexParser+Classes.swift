/// Classes and the escapes that stand for one code unit.
extension RegexParser {
    /// The set a class escape (`\d`, `\W` …) names, nil for other escapes.
    func classEscape(_ unit: UInt16) -> CodeUnitSet? {
        switch unit {
        case UInt16(ascii: "d"): .digits
        case UInt16(ascii: "D"): CodeUnitSet.digits.inverted
        case UInt16(ascii: "w"): .word
        case UInt16(ascii: "W"): CodeUnitSet.word.inverted
        case UInt16(ascii: "s"): .space
        case UInt16(ascii: "S"): CodeUnitSet.space.inverted
        default: nil
        }
    }

    /// The code unit of an escape whose `\` has been read.
    mutating func characterEscape() throws(JSONataError) -> UInt16 {
        guard let unit = peek else { throw fault("\\ at end of pattern") }
        at += 1
        switch unit {
        case UInt16(ascii: "t"): return 0x09
        case UInt16(ascii: "n"): return 0x0A
        case UInt16(ascii: "v"): return 0x0B
        case UInt16(ascii: "f"): return 0x0C
        case UInt16(ascii: "r"): return 0x0D
        case UInt16(ascii: "c"):
            if let letter = peek, (letter | 0x20) >= 0x61, (letter | 0x20) <= 0x7A {
                at += 1
                return letter & 0x1F
            }
            // Annex B: a `\c` without a letter is the backslash itself.
            at -= 1
            return UInt16(ascii: "\\")
        case UInt16(ascii: "x"): return hexadecimal(digits: 2) ?? unit
        case UInt16(ascii: "u"): return hexadecimal(digits: 4) ?? unit
        case 0x30...0x37: return octal(first: unit)
        default: return unit
        }
    }

    private mutating func hexadecimal(digits: Int) -> UInt16? {
        guard at + digits <= units.count else { return nil }
        var value: UInt16 = 0
        for unit in units[at..<(at + digits)] {
            switch unit {
            case 0x30...0x39: value = value << 4 | (unit - 0x30)
            case 0x41...0x46: value = value << 4 | (unit - 0x37)
            case 0x61...0x66: value = value << 4 | (unit - 0x57)
            default: return nil
            }
        }
        at += digits
        return value
    }

    /// Annex B's octal escapes: at most three digits, at most `\377`.
    private mutating func octal(first: UInt16) -> UInt16 {
        var value = first - 0x30
        var digits = 1
        while digits < 3, let unit = peek, unit >= 0x30, unit <= 0x37, value * 8 + unit - 0x30 <= 0o377 {
            value = value * 8 + unit - 0x30
            digits += 1
            at += 1
        }
        return value
    }

    /// The rest of a class whose `[` has been read.
    mutating func characterClass() throws(JSONataError) -> CodeUnitSet {
        let negated = skip("^")
        var ranges: [ClosedRange<UInt16>] = []
        while true {
            if at >= units.count { throw fault("unterminated character class") }
            if skip("]") { break }
            let first = try classAtom()
            guard peeks("-"), at + 1 < units.count, units[at + 1] != UInt16(ascii: "]") else {
                ranges += first.ranges
                continue
            }
            at += 1
            let last = try classAtom()
            guard let low = first.single, let high = last.single else {
                // Annex B: a class escape at either end makes the dash an ordinary member.
                ranges += first.ranges + last.ranges + [0x2D...0x2D]
                continue
            }
            if low > high { throw fault("range out of order in character class") }
            ranges.append(low...high)
        }
        var set = CodeUnitSet(ranges)
        if ignoresCase { set = CaseFolding.closure(of: set) }
        return negated ? set.inverted : set
    }

    private struct ClassAtom {
        var ranges: [ClosedRange<UInt16>]
        var single: UInt16?
    }

    private mutating func classAtom() throws(JSONataError) -> ClassAtom {
        let unit = units[at]
        guard unit == UInt16(ascii: "\\") else {
            at += 1
            return ClassAtom(ranges: [unit...unit], single: unit)
        }
        at += 1
        guard let escaped = peek else { throw fault("\\ at end of pattern") }
        if let set = classEscape(escaped) {
            at += 1
            return ClassAtom(ranges: set.ranges, single: nil)
        }
        if escaped == UInt16(ascii: "b") {
            at += 1
            return ClassAtom(ranges: [8...8], single: 8)
        }
        if escaped == UInt16(ascii: "c"), at + 1 < units.count {
            // Annex B lets digits and `_` follow `\c` inside a class.
            let next = units[at + 1]
            if CodeUnitSet.digits.contains(next) || next == UInt16(ascii: "_") {
                at += 2
                return ClassAtom(ranges: [(next & 0x1F)...(next & 0x1F)], single: next & 0x1F)
            }
        }
        let value = try characterEscape()
        return ClassAtom(ranges: [value...value], single: value)
    }

    /// How many groups capture, and whether any has a name: escapes later in a pattern depend on both.
    static func countCaptures(_ units: [UInt16]) -> (count: Int, named: Bool) {
        var count = 0
        var named = false
        forEachCapture(in: units) { _, isNamed in
            count += 1
            named = named || isNamed
            return true
        }
        return (count, named)
    }

    /// The number of the group with this name, which may stand after the reference.
    static func group(named name: [UInt16], in units: [UInt16]) -> Int? {
        var index = 0
        var found: Int?
        forEachCapture(in: units) { start, isNamed in
            index += 1
            let end = start + 3 + name.count
            if isNamed, end < units.count, units[(start + 3)..<end].elementsEqual(name), units[end] == 0x3E {
                found = index
            }
            return found == nil
        }
        return found
    }

    private static func forEachCapture(in units: [UInt16], _ body: (_ start: Int, _ named: Bool) -> Bool) {
        var at = 0
        var inClass = false
        while at < units.count {
            switch units[at] {
            case UInt16(ascii: "\\"): at += 1
            case UInt16(ascii: "["): inClass = true
            case UInt16(ascii: "]"): inClass = false
            case UInt16(ascii: "(") where !inClass:
                let next = at + 1 < units.count ? units[at + 1] : 0
                let marker = at + 2 < units.count ? units[at + 2] : 0
                let after = at + 3 < units.count ? units[at + 3] : 0
                let isNamed = next == 0x3F && marker == 0x3C && after != 0x3D && after != 0x21
                if next != 0x3F || isNamed, !body(at, isNamed) { return }
            default: break
            }
            at += 1
        }
    }
}
