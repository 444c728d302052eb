/// Reading a sub-picture: XPath Functions 3.1 §4.7.3 (its rules) and §4.7.4 (what it says).
extension NumberPicture {
    typealias Scalars = [Unicode.Scalar]

    /// A sub-picture, cut.
    private struct Cut {
        var prefix: Scalars, suffix: Scalars, active: Scalars
        var integer: Scalars, fraction: Scalars
        var hasPoint: Bool
        var exponent: Scalars?
    }

    static func analysed(_ picture: Scalars, _ symbols: NumberSymbols) throws(JSONataError) -> Part {
        let cut = cut(picture, symbols)
        if let fault = broken(picture, cut, symbols) { throw fault }
        var part = Part()
        part.prefix = cut.prefix
        part.suffix = cut.suffix
        part.hasPoint = cut.hasPoint
        if count(symbols.percent, in: picture) > 0 {
            part.factor = 100
        } else if count(symbols.perMille, in: picture) > 0 {
            part.factor = 1000
        }
        func isDigit(_ scalar: Unicode.Scalar) -> Bool { symbols.isDecimalDigit(scalar) || scalar == symbols.digit }
        for (index, scalar) in cut.integer.enumerated() where scalar == symbols.groupingSeparator {
            part.integerGroups.append(cut.integer[(index + 1)...].count(where: isDigit))
        }
        for (index, scalar) in cut.fraction.enumerated() where scalar == symbols.groupingSeparator {
            part.fractionGroups.append(cut.fraction[..<index].count(where: isDigit))
        }
        part.regularGroup = Grouping.regular(part.integerGroups)
        part.leastInteger = cut.integer.count(where: symbols.isDecimalDigit)
        part.scaling = part.leastInteger
        part.leastFraction = cut.fraction.count(where: symbols.isDecimalDigit)
        part.mostFraction = cut.fraction.count(where: isDigit)
        if part.leastInteger == 0, part.mostFraction == 0 {
            if cut.exponent != nil {
                (part.leastFraction, part.mostFraction) = (1, 1)
            } else {
                part.leastInteger = 1
            }
        }
        if cut.exponent != nil, part.leastInteger == 0, cut.integer.contains(symbols.digit) { part.leastInteger = 1 }
        if part.leastInteger == 0, part.leastFraction == 0 { part.leastFraction = 1 }
        part.leastExponent = cut.exponent?.count(where: symbols.isDecimalDigit) ?? 0
        return part
    }

    private static func cut(_ picture: Scalars, _ symbols: NumberSymbols) -> Cut {
        func bounds(_ scalar: Unicode.Scalar) -> Bool {
            symbols.isActive(scalar) && scalar != symbols.exponentSeparator
        }
        let first = picture.firstIndex(where: bounds) ?? picture.count
        let last = picture.lastIndex(where: bounds) ?? picture.count - 1
        let active = first <= last ? Array(picture[first...last]) : []
        var mantissa = active
        var exponent: Scalars?
        if let mark = active.firstIndex(of: symbols.exponentSeparator) {
            mantissa = Array(active[..<mark])
            exponent = Array(active[(mark + 1)...])
        } else if !active.isEmpty, last + 1 < picture.count, picture[last + 1] == symbols.exponentSeparator {
            // An exponent without digits, which a rule refuses.
            exponent = []
        }
        let point = mantissa.firstIndex(of: symbols.decimalSeparator)
        return Cut(
            prefix: Array(picture[..<first]), suffix: last + 1 < picture.count ? Array(picture[(last + 1)...]) : [],
            active: active, integer: Array(mantissa[..<(point ?? mantissa.count)]),
            fraction: point.map { Array(mantissa[($0 + 1)...]) } ?? [], hasPoint: point != nil, exponent: exponent
        )
    }

    /// The rule the sub-picture breaks; of several the last, as in the reference.
    private static func broken(_ picture: Scalars, _ cut: Cut, _ symbols: NumberSymbols) -> JSONataError? {
        var found: JSONataError?
        func check(_ isBroken: Bool, _ code: String, _ reason: String) {
            if isBroken { found = fault(code, reason) }
        }
        let percents = count(symbols.percent, in: picture)
        let perMilles = count(symbols.perMille, in: picture)
        let grouping = symbols.groupingSeparator
        check(picture.count { $0 == symbols.decimalSeparator } > 1, "D3081", "has more than one decimal separator")
        check(percents > 1, "D3082", "has more than one per cent sign")
        check(perMilles > 1, "D3083", "has more than one per mille sign")
        check(percents > 0 && perMilles > 0, "D3084", "has both a per cent and a per mille sign")
        let hasDigit = (cut.integer + cut.fraction).contains { symbols.isDecimalDigit($0) || $0 == symbols.digit }
        check(!hasDigit, "D3085", "needs a digit in the mantissa")
        check(
            !cut.active.allSatisfy(symbols.isActive), "D3086", "has a passive character between active ones"
        )
        if let point = picture.firstIndex(of: symbols.decimalSeparator) {
            let before = point > 0 && picture[point - 1] == grouping
            let after = point + 1 < picture.count && picture[point + 1] == grouping
            check(before || after, "D3087", "has a grouping separator beside the decimal separator")
        } else {
            check(cut.integer.last == grouping, "D3088", "has a grouping separator at the end of the integer part")
        }
        check(
            zip(picture, picture.dropFirst()).contains { $0 == grouping && $1 == grouping }, "D3089",
            "has two grouping separators side by side"
        )
        if let optional = cut.integer.firstIndex(of: symbols.digit) {
            check(
                cut.integer[..<optional].contains(where: symbols.isDecimalDigit), "D3090",
                "has an optional digit after a mandatory one in the integer part"
            )
        }
        if let optional = cut.fraction.lastIndex(of: symbols.digit) {
            check(
                cut.fraction[optional...].contains(where: symbols.isDecimalDigit), "D3091",
                "has a mandatory digit after an optional one in the fraction"
            )
        }
        if let exponent = cut.exponent {
            check(
                !exponent.isEmpty && percents + perMilles > 0, "D3092", "has both an exponent and a per cent sign"
            )
            check(
                exponent.isEmpty || !exponent.allSatisfy(symbols.isDecimalDigit), "D3093",
                "needs digits and nothing else in the exponent"
            )
        }
        return found
    }

    private static func count(_ text: String, in picture: Scalars) -> Int {
        let wanted = Array(text.unicodeScalars)
        if wanted.isEmpty || wanted.count > picture.count { return 0 }
        var count = 0
        var at = 0
        while at + wanted.count <= picture.count {
            if picture[at..<(at + wanted.count)].elementsEqual(wanted) {
                count += 1
                at += wanted.count
            } else {
                at += 1
            }
        }
        return count
    }
}

/// Grouping separators at equal distances.
enum Grouping {
    /// The distance, if the positions are all the multiples of one up to the last; otherwise 0.
    static func regular(_ positions: [Int]) -> Int {
        guard let first = positions.first else { return 0 }
        let step = positions.dropFirst().reduce(first, divisor)
        guard step > 0 else { return 0 }
        for index in 1...positions.count where !positions.contains(index * step) { return 0 }
        return step
    }

    private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
}
