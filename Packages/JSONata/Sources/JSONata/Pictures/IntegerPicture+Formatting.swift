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
        var text: Units = []
        if value < 1e21 {
            text = ExactDecimal.digits(ofWhole: value).map { UInt16($0) }
        } else {
            var bytes: [UInt8] = []
            NumberText.append(value, to: &bytes)
            text = bytes.map { UInt16($0) }
        }
        if text.count < mandatoryDigits { text = Units(repeating: 0x30, count: mandatoryDigits - text.count) + text }
        if zero != 0x30 { text = text.map { $0 &+ UInt16(truncatingIfNeeded: zero) &- 0x30 } }
        // As in the reference, a separator that lies before the first digit is put in as well.
        func insert(_ separator: Separator, _ position: Int) {
            let at = text.count - position
            text = (at > 0 ? text.slice(0, at) : []) + Units(String(separator.scalar).utf16) + text.slice(at)
        }
        if let regular {
            let count = (text.count - 1) / regular.position
            for group in (0..<count).reversed() { insert(regular, (group + 1) * regular.position) }
        } else {
            for separator in separators.reversed() { insert(separator, separator.position) }
        }
        return String(decoding: text, as: UTF16.self) + (ordinal ? Self.suffix(text) : "")
    }

    private static func suffix(_ digits: Units) -> String {
        if digits.count > 1, digits[digits.count - 2] == 0x31 { return "th" }
        return switch digits.last {
        case 0x31: "st"
        case 0x32: "nd"
        case 0x33: "rd"
        default: "th"
        }
    }
}
