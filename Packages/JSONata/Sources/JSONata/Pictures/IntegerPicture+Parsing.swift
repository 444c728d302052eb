extension IntegerPicture {
    /// Reads text in this format; NaN where it holds no number.
    ///
    /// - Throws: `D3130` for a picture that names no known format.
    func parse(_ text: String) throws(JSONataError) -> Double {
        switch style {
        case .letters: return NumberLetters.value(ofColumn: text, from: capitals == .upper ? "A" : "a")
        case .roman: return NumberLetters.value(ofRoman: capitals == .upper ? text : text.uppercased())
        case .words: return NumberWords.value(of: text.lowercased())
        case .sequence: throw unsupported
        case .decimal: return parseDecimal(text)
        }
    }

    private func parseDecimal(_ text: String) -> Double {
        var digits = Units(text.utf16)
        if ordinal { digits = digits.slice(0, max(digits.count - 2, 0)) }
        // As in the reference, separators at equal distances are taken for commas.
        let dropped = regular == nil ? separators.flatMap { Units(String($0.scalar).utf16) } : [UInt16(UInt8(ascii: ","))]
        digits.removeAll { dropped.contains($0) }
        if zero != 0x30 { digits = digits.map { $0 &- UInt16(truncatingIfNeeded: zero) &+ 0x30 } }
        return ScriptInteger.parse(digits)
    }

    /// A regular expression for text in this format, as part of a date's; it takes letters of either case.
    func pattern(width: Int?) throws(JSONataError) -> String {
        switch style {
        case .letters: return "[A-Z]+"
        case .roman: return "[MDCLXVI]+"
        case .words:
            // Longer words first, so that the first alternative that fits is the right one.
            let words = NumberWords.values.keys.sorted { ($1.count, $0) < ($0.count, $1) }
            return "(?:" + (words + ["and", "[\\-, ]"]).joined(separator: "|") + ")+"
        case .sequence: throw unsupported
        case .decimal:
            var digits = "0-9"
            if zero != 0x30, let first = Unicode.Scalar(zero), let last = Unicode.Scalar(zero + 9) {
                digits = "\(Character(first))-\(Character(last))"
            }
            return "[\(digits)]" + (width.map { "{\($0)}" } ?? "+") + (ordinal ? "(?:th|st|nd|rd)" : "")
        }
    }
}

/// JavaScript's `parseInt`: leading digits count, hexadecimal ones behind 0x, and what follows them does not.
enum ScriptInteger {
    static func parse(_ text: some Collection<UInt16>) -> Double {
        var rest = text.drop { $0 == 0x20 || (0x09...0x0D).contains($0) || $0 == 0xA0 || $0 == 0xFEFF }
        let isNegative = rest.first == UInt16(UInt8(ascii: "-"))
        if isNegative || rest.first == UInt16(UInt8(ascii: "+")) { rest = rest.dropFirst() }
        var radix = 10.0
        let start = rest.prefix(2).map { $0 | 0x20 }
        if start.count == 2, rest.first == 0x30, start[1] == UInt16(UInt8(ascii: "x")) {
            radix = 16
            rest = rest.dropFirst(2)
        }
        let digits = rest.prefix { digit($0) < radix }
        guard !digits.isEmpty else { return .nan }
        var value = 0.0
        if radix == 10 {
            value = Double(String(decoding: digits, as: UTF16.self)) ?? .nan
        } else {
            for unit in digits { value = value * radix + digit(unit) }
        }
        return isNegative ? -value : value
    }

    private static func digit(_ unit: UInt16) -> Double {
        guard unit < 0x80, let value = Character(Unicode.Scalar(UInt8(unit))).hexDigitValue else { return .infinity }
        return Double(value)
    }
}
