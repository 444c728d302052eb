/// Reading a sub-picture: XPath Functions 3.1 §4.7.3 (its rules) and §4.7.4 (what it says).
extension NumberPicture {
    /// A sub-picture, cut into its parts.
    struct Cut {
        let picture: Units
        private let prefix: Units, suffix: Units, active: Units
        private let mantissa: Units, integer: Units, fraction: Units
        private let exponent: Units?

        init(_ picture: Units, _ symbols: NumberSymbols) {
            func bounds(_ unit: UInt16) -> Bool {
                symbols.isActive(unit) && symbols.exponentSeparator != [unit]
            }
            self.picture = picture
            prefix = picture.firstIndex(where: bounds).map { Units(picture[..<$0]) } ?? []
            suffix = picture.lastIndex(where: bounds).map { Units(picture[($0 + 1)...]) } ?? []
            active = Units(picture[prefix.count..<(picture.count - suffix.count)])
            // As in the reference, the exponent's place is counted from the start of the sub-picture, here and in the
            // active part.
            if let mark = picture.index(of: symbols.exponentSeparator, from: prefix.count),
                mark <= picture.count - suffix.count
            {
                mantissa = active.slice(0, mark)
                exponent = active.slice(mark + 1)
            } else {
                mantissa = active
                exponent = nil
            }
            if let point = mantissa.index(of: symbols.decimalSeparator) {
                integer = mantissa.slice(0, point)
                fraction = mantissa.slice(point + 1)
            } else {
                integer = mantissa
                fraction = suffix
            }
        }

        func analysed(_ symbols: NumberSymbols) -> Part {
            var part = Part()
            part.prefix = prefix
            part.suffix = suffix
            part.hasPoint = picture.index(of: symbols.decimalSeparator) != nil
            if picture.index(of: symbols.percent) != nil {
                part.factor = 100
            } else if picture.index(of: symbols.perMille) != nil {
                part.factor = 1000
            }
            part.integerGroups = groups(of: integer, symbols) { integer[$0...].count(where: symbols.isDigit) }
            part.fractionGroups = groups(of: fraction, symbols) { fraction.slice(0, $0).count(where: symbols.isDigit) }
            part.regularGroup = Grouping.regular(part.integerGroups)
            part.leastInteger = integer.count(where: symbols.isDecimalDigit)
            part.scaling = part.leastInteger
            part.leastFraction = fraction.count(where: symbols.isDecimalDigit)
            part.mostFraction = fraction.count(where: symbols.isDigit)
            if part.leastInteger == 0, part.mostFraction == 0 {
                if exponent != nil {
                    (part.leastFraction, part.mostFraction) = (1, 1)
                } else {
                    part.leastInteger = 1
                }
            }
            if exponent != nil, part.leastInteger == 0, integer.index(of: symbols.digit) != nil { part.leastInteger = 1 }
            if part.leastInteger == 0, part.leastFraction == 0 { part.leastFraction = 1 }
            part.leastExponent = exponent?.count(where: symbols.isDecimalDigit) ?? 0
            return part
        }

        /// The places of the grouping separators, counted in digits by `digits`. As in the reference, those behind a
        /// part's first are looked for in the integer part.
        private func groups(of part: Units, _ symbols: NumberSymbols, _ digits: (Int) -> Int) -> [Int] {
            guard !symbols.groupingSeparator.isEmpty else { return [] }
            var groups: [Int] = []
            var place = part.index(of: symbols.groupingSeparator)
            while let at = place {
                groups.append(digits(at))
                place = integer.index(of: symbols.groupingSeparator, from: at + 1)
            }
            return groups
        }

        /// The rule the sub-picture breaks; of several the last, as in the reference.
        func fault(_ symbols: NumberSymbols) -> JSONataError? {
            var found: JSONataError?
            func check(_ isBroken: Bool, _ code: String, _ reason: String) {
                if isBroken { found = NumberPicture.fault(code, reason) }
            }
            func isRepeated(_ symbol: Units) -> Bool { picture.index(of: symbol) != picture.lastIndex(of: symbol) }
            func has(_ symbol: Units) -> Bool { picture.index(of: symbol) != nil }
            let grouping = symbols.groupingSeparator
            check(isRepeated(symbols.decimalSeparator), "D3081", "has more than one decimal separator")
            check(isRepeated(symbols.percent), "D3082", "has more than one per cent sign")
            check(isRepeated(symbols.perMille), "D3083", "has more than one per mille sign")
            check(
                has(symbols.percent) && has(symbols.perMille), "D3084", "has both a per cent and a per mille sign"
            )
            check(!mantissa.contains(where: symbols.isDigit), "D3085", "needs a digit in the mantissa")
            check(
                !active.allSatisfy(symbols.isActive), "D3086", "has a passive character between active ones"
            )
            if let point = picture.index(of: symbols.decimalSeparator) {
                let before = point > 0 && [picture[point - 1]] == grouping
                let after = point + 1 < picture.count && [picture[point + 1]] == grouping
                check(before || after, "D3087", "has a grouping separator beside the decimal separator")
            } else {
                check(
                    integer.last.map { [$0] == grouping } ?? false, "D3088",
                    "has a grouping separator at the end of the integer part"
                )
            }
            check(has(grouping + grouping), "D3089", "has two grouping separators side by side")
            if let optional = integer.index(of: symbols.digit) {
                check(
                    integer[..<optional].contains(where: symbols.isDecimalDigit), "D3090",
                    "has an optional digit after a mandatory one in the integer part"
                )
            }
            if let optional = fraction.lastIndex(of: symbols.digit) {
                check(
                    fraction[optional...].contains(where: symbols.isDecimalDigit), "D3091",
                    "has a mandatory digit after an optional one in the fraction"
                )
            }
            if let exponent {
                check(
                    !exponent.isEmpty && (has(symbols.percent) || has(symbols.perMille)), "D3092",
                    "has both an exponent and a per cent sign"
                )
                check(
                    exponent.isEmpty || !exponent.allSatisfy(symbols.isDecimalDigit), "D3093",
                    "needs digits and nothing else in the exponent"
                )
            }
            return found
        }
    }
}

/// Grouping separators at equal distances.
enum Grouping {
    /// The distance, if the positions are all the multiples of one up to the last; otherwise 0.
    static func regular(_ positions: [Int]) -> Int {
        guard let first = positions.first else { return 0 }
        let step = positions.dropFirst().reduce(first, divisor)
        for index in 1...positions.count where !positions.contains(index * step) { return 0 }
        return step
    }

    private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
}
