extension IntegerPicture {
    /// Writes the floor of `value`.
    ///
    /// - Throws: `D3130` for a picture that names no known format.
    func format(_ value: Double) throws(JSONataError) -> String {
        let whole = value.rounded(.down)
        guard whole.isFinite else { return "\(whole)" }
        return (whole < 0 ? "-" : "") + (try formatMagnitude(whole.magnitude))
    }

    private func formatMagnitude(_ value: Double) throws(JSONataError) -> String {
        switch style {
        case .letters: return cased(NumberLetters.column(value))
        case .roman: return cased(NumberLetters.roman(value))
        case .words: return cased(NumberWords.words(value, ordinal: ordinal))
        case .sequence: throw unsupported
        case .decimal: return decimal(value)
        }
    }

    private func cased(_ text: String) -> String {
        switch capitals {
        case .upper: text.uppercased()
        case .lower: text.lowercased()
        case .title: text
        }
    }

    private func decimal(_ value: Double) -> String {
        var digits = ExactDecimal.digits(ofWhole: value)
        if digits.count < mandatoryDigits {
            digits.insert(contentsOf: Array(repeating: 0x30, count: mandatoryDigits - digits.count), at: 0)
        }
        var text = String.UnicodeScalarView()
        for (index, digit) in digits.enumerated() {
            let right = digits.count - index
            if index > 0 {
                if let regular, right % regular.position == 0 { text.append(regular.scalar) }
                for separator in separators.reversed() where separator.position == right { text.append(separator.scalar) }
            }
            // A family's ten digits are all scalars.
            text.append(Unicode.Scalar(zero + UInt32(digit - 0x30)) ?? "0")
        }
        for separator in separators where separator.position == 0 { text.append(separator.scalar) }
        return String(text) + (ordinal ? Self.suffix(digits) : "")
    }

    private static func suffix(_ digits: [UInt8]) -> String {
        if digits.count > 1, digits[digits.count - 2] == 0x31 { return "th" }
        return switch digits.last {
        case 0x31: "st"
        case 0x32: "nd"
        case 0x33: "rd"
        default: "th"
        }
    }
}
