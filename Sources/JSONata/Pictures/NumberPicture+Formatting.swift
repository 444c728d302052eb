/// Writing a number by its picture: XPath Functions 3.1 §4.7.5.
extension NumberPicture {
    func format(_ value: Double) -> [UInt8] {
        let part = value < 0 ? negative : positive
        guard !value.isNaN else { return Array(symbols.notANumber.utf8) }
        var output = Scalars()
        output += part.prefix
        let scaled = value.magnitude * part.factor
        if scaled.isFinite {
            write(scaled, part, to: &output)
        } else {
            output += Array(symbols.infinity.unicodeScalars)
        }
        output += part.suffix
        var text = String.UnicodeScalarView()
        text.append(contentsOf: output)
        return Array(String(text).utf8)
    }

    private func write(_ scaled: Double, _ part: Part, to output: inout Scalars) {
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
        let rounded = Rounding.halfEven(mantissa, precision: part.mostFraction)
        var (whole, fraction) = Rounding.fixed(rounded, places: part.mostFraction)
        while whole.first == 0x30 { whole.removeFirst() }
        while fraction.last == 0x30 { fraction.removeLast() }
        while whole.count < part.leastInteger { whole.insert(0x30, at: 0) }
        while fraction.count < part.leastFraction { fraction.append(0x30) }
        for (index, digit) in whole.enumerated() {
            let right = whole.count - index
            let grouped = part.regularGroup > 0 ? right % part.regularGroup == 0 : part.integerGroups.contains(right)
            if index > 0, grouped { output.append(symbols.groupingSeparator) }
            output.append(scalar(digit))
        }
        if !fraction.isEmpty { output.append(symbols.decimalSeparator) }
        for (index, digit) in fraction.enumerated() {
            if index > 0, part.fractionGroups.contains(index) { output.append(symbols.groupingSeparator) }
            output.append(scalar(digit))
        }
        if !fraction.isEmpty {
            for group in part.fractionGroups where group >= fraction.count { output.append(symbols.groupingSeparator) }
        }
        if part.leastExponent > 0 {
            output.append(symbols.exponentSeparator)
            if exponent < 0 { output += Array(symbols.minusSign.unicodeScalars) }
            let digits = Array(String(abs(exponent)).utf8)
            for _ in 0..<max(part.leastExponent - digits.count, 0) { output.append(symbols.zeroDigit) }
            output += digits.map(scalar)
        }
    }

    private func scalar(_ digit: UInt8) -> Unicode.Scalar {
        // Ten digits from a valid scalar on might run into the surrogates; then the ASCII digit must do.
        Unicode.Scalar(symbols.zeroDigit.value + UInt32(digit - 0x30)) ?? Unicode.Scalar(digit)
    }
}
