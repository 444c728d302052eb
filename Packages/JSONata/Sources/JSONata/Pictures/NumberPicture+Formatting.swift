/// Writing a number by its picture: XPath Functions 3.1 §4.7.5.
extension NumberPicture {
    func format(_ value: Double) -> [UInt8] {
        let part = value < 0 ? negative : positive
        guard !value.isNaN else { return Self.bytes(symbols.notANumber) }
        let scaled = value.magnitude * part.factor
        return Self.bytes(part.prefix + (scaled.isFinite ? number(scaled, part) : symbols.infinity) + part.suffix)
    }

    private static func bytes(_ units: Units) -> [UInt8] { Array(String(decoding: units, as: UTF16.self).utf8) }

    private func number(_ scaled: Double, _ part: Part) -> Units {
        var mantissa = scaled
        var exponent = 0
        if part.leastExponent > 0, mantissa != 0 {
            var most = 1.0
            for _ in 0..<part.scaling { most *= 10 }
            let least = most / 10
            while mantissa < least {
                mantissa *= 10
                exponent -= 1
            }
            while mantissa > most {
                mantissa /= 10
                exponent += 1
            }
        }
        var text = digits(Rounding.halfEven(mantissa, precision: part.mostFraction), places: part.mostFraction)
        let point = symbols.decimalSeparator
        if let at = text.firstIndex(of: Self.point) {
            text.replaceSubrange(at...at, with: point)
        } else {
            text += point
        }
        while let first = text.first, [first] == symbols.zeroDigit { text.removeFirst() }
        while let last = text.last, [last] == symbols.zeroDigit { text.removeLast() }
        let whole = place(in: text)
        let missing = part.leastFraction - (text.count - whole - 1)
        text = zeros(part.leastInteger - whole) + text + zeros(missing)
        group(&text, part)
        let at = place(in: text)
        if !part.hasPoint || at == text.count - 1 { text = text.slice(0, text.count - 1) }
        guard part.leastExponent > 0 else { return text }
        let digits = digits(Double(abs(exponent)), places: 0)
        return text + symbols.exponentSeparator + (exponent < 0 ? symbols.minusSign : [])
            + zeros(part.leastExponent - digits.count) + digits
    }

    /// Puts in the grouping separators. As in the reference, one that lies before the first digit is put in as well, a
    /// place that is beyond the start of the text being counted from its end.
    private func group(_ text: inout Units, _ part: Part) {
        let separator = symbols.groupingSeparator
        func insert(_ at: Int) { text = text.slice(0, at) + separator + text.slice(at) }
        var whole = place(in: text)
        if part.regularGroup > 0 {
            let count = whole > 0 ? (whole - 1) / part.regularGroup : 0
            for group in 0..<count { insert(whole - (group + 1) * part.regularGroup) }
        } else {
            for group in part.integerGroups {
                insert(whole - group)
                whole += 1
            }
        }
        whole = place(in: text)
        for group in part.fractionGroups { insert(group + whole + 1) }
    }

    /// Where the decimal separator stands.
    private func place(in text: Units) -> Int { text.index(of: symbols.decimalSeparator) ?? -1 }

    private static let point = UInt16(UInt8(ascii: "."))

    private func zeros(_ count: Int) -> Units {
        var zeros: Units = []
        for _ in 0..<max(count, 0) { zeros += symbols.zeroDigit }
        return zeros
    }

    /// JavaScript's `toFixed`, in the picture's digits.
    private func digits(_ value: Double, places: Int) -> Units {
        var text: Units = []
        if value < 1e21 {
            let (whole, fraction) = Rounding.fixed(value, places: places)
            text = whole.map { UInt16($0) } + (places > 0 ? [Self.point] + fraction.map { UInt16($0) } : [])
        } else {
            var bytes: [UInt8] = []
            NumberText.append(value, to: &bytes)
            text = bytes.map { UInt16($0) }
        }
        guard symbols.zeroDigit != [0x30] else { return text }
        return text.map { $0 &- 0x30 < 10 ? $0 &- 0x30 &+ symbols.zeroDigit[0] : $0 }
    }
}
