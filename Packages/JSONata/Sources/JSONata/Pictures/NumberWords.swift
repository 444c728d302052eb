/// English number words, both ways: the `w` formats of integer pictures.
enum NumberWords {
    private static let small = [
        "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
        "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
    ]
    private static let smallOrdinals = [
        "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
        "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
        "Nineteenth",
    ]
    private static let tens = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]
    private static let magnitudes = ["Thousand", "Million", "Billion", "Trillion"]

    /// `value` in title case, as in "One Hundred and Twenty-Three".
    ///
    /// - Precondition: `value` is whole, finite and not negative.
    static func words(_ value: Double, ordinal: Bool) -> String { words(value, continues: false, ordinal: ordinal) }

    private static func words(_ value: Double, continues: Bool, ordinal: Bool) -> String {
        if value < 20 {
            return (continues ? " and " : "") + (ordinal ? smallOrdinals : small)[Int(value)]
        }
        if value < 100 {
            let ten = tens[Int(value) / 10 - 2]
            let rest = Int(value) % 10
            let lead = continues ? " and " : ""
            if rest > 0 { return lead + ten + "-" + words(Double(rest), continues: false, ordinal: ordinal) }
            return lead + (ordinal ? ten.dropLast() + "ieth" : ten)
        }
        let unit: Double
        let name: String
        if value < 1000 {
            (unit, name) = (100, "Hundred")
        } else {
            // Beyond trillions the last magnitude repeats: "one thousand trillion".
            let index = value >= 1e12 ? 3 : value >= 1e9 ? 2 : value >= 1e6 ? 1 : 0
            (unit, name) = ([1e3, 1e6, 1e9, 1e12][index], magnitudes[index])
        }
        let many = (value / unit).rounded(.down)
        let rest = value - many * unit
        let lead = (continues ? ", " : "") + words(many, continues: false, ordinal: false) + " " + name
        // Above 2^53 the division may round, and what is left over mean nothing.
        if rest > 0, rest < unit { return lead + words(rest, continues: true, ordinal: ordinal) }
        return lead + (ordinal ? "th" : "")
    }

    /// What each word, in lower case, counts for.
    static let values: [String: Double] = {
        var values: [String: Double] = [:]
        for (value, word) in small.enumerated() { values[word.lowercased()] = Double(value) }
        for (value, word) in smallOrdinals.enumerated() { values[word.lowercased()] = Double(value) }
        for (index, word) in tens.enumerated() {
            values[word.lowercased()] = Double(index * 10 + 20)
            values[word.lowercased().dropLast() + "ieth"] = Double(index * 10 + 20)
        }
        values["hundred"] = 100
        values["hundredth"] = 100
        for (index, word) in magnitudes.enumerated() {
            let value = [1e3, 1e6, 1e9, 1e12][index]
            values[word.lowercased()] = value
            values[word.lowercased() + "th"] = value
        }
        return values
    }()

    /// The number that words in lower case spell; NaN if one of them is no number word.
    static func value(of text: String) -> Double {
        var segments = [0.0]
        for word in parts(of: Array(text.unicodeScalars)) {
            guard let value = values[word] else { return .nan }
            let top = segments.removeLast()
            if value >= 100 {
                segments.append(top * value)
            } else if top >= 1000 {
                segments += [top, value]
            } else {
                segments.append(top + value)
            }
        }
        return segments.reduce(0, +)
    }

    /// Parts between a comma and a space, an "and" between spaces, a space or a hyphen.
    private static func parts(of text: [Unicode.Scalar]) -> [String] {
        func isSpace(_ at: Int) -> Bool { at < text.count && text[at].properties.isWhitespace }
        func separator(_ at: Int) -> Int {
            if text[at] == ",", isSpace(at + 1) { return 2 }
            if isSpace(at), text[(at + 1)...].starts(with: "and".unicodeScalars), isSpace(at + 4) { return 5 }
            return isSpace(at) || text[at] == "-" || text[at] == "\\" ? 1 : 0
        }
        var parts = [""]
        var at = 0
        while at < text.count {
            let length = separator(at)
            if length == 0 { parts[parts.count - 1].unicodeScalars.append(text[at]) } else { parts.append("") }
            at += max(length, 1)
        }
        return parts
    }
}
