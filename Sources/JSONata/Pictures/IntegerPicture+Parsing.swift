extension IntegerPicture {
    /// Reads text in this format; NaN where it holds no number.
    ///
    /// - Throws: `D3130` for a picture that names no known format.
    func parse(_ text: String) throws(JSONataError) -> Double {
        switch style {
        case .letters: return NumberLetters.value(ofColumn: text)
        case .roman: return NumberLetters.value(ofRoman: text)
        case .words: return NumberWords.value(of: text.lowercased())
        case .sequence: throw unsupported
        case .decimal: return parseDecimal(text)
        }
    }

    /// Like `parseInt`: leading digits count, what follows them does not.
    private func parseDecimal(_ text: String) -> Double {
        var digits: [UInt8] = []
        var isNegative = false
        let separators = self.separators.map(\.scalar) + (regular.map { [$0.scalar] } ?? [])
        scan: for scalar in text.unicodeScalars {
            switch scalar {
            case _ where scalar.value >= zero && scalar.value <= zero + 9:
                digits.append(0x30 + UInt8(scalar.value - zero))
            case _ where separators.contains(scalar): continue
            case "-" where digits.isEmpty && !isNegative: isNegative = true
            case "+" where digits.isEmpty, " " where digits.isEmpty: continue
            default: break scan
            }
        }
        guard !digits.isEmpty, let value = Double(String(decoding: digits, as: UTF8.self)) else { return .nan }
        return isNegative ? -value : value
    }

    /// A regular expression for text in this format, as part of a date's.
    func pattern(width: Int?) throws(JSONataError) -> String {
        switch style {
        case .letters: return capitals == .upper ? "[A-Z]+" : "[a-z]+"
        case .roman: return "[MDCLXVImdclxvi]+"
        case .words:
            // Longer words first, so that the first alternative that fits is the right one.
            let words = NumberWords.values.keys.sorted { ($1.count, $0) < ($0.count, $1) }
            return "(?:" + (words + ["and", "[\\-, ]"]).joined(separator: "|") + ")+"
        case .sequence: throw unsupported
        case .decimal:
            var inside = "0-9"
            if zero != 0x30, let first = Unicode.Scalar(zero), let last = Unicode.Scalar(zero + 9) {
                inside = "\(Character(first))-\(Character(last))"
            }
            for separator in separators.map(\.scalar) + (regular.map { [$0.scalar] } ?? []) {
                inside += "\\\(Character(separator))"
            }
            return "[\(inside)]" + (width.map { "{\($0)}" } ?? "+") + (ordinal ? "(?:th|st|nd|rd)" : "")
        }
    }
}
