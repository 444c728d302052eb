/// Numbers written with letters: Roman numerals, and the column names of spreadsheets.
enum NumberLetters {
    private static let roman: [(Double, String)] = [
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
        (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ]

    /// `value` in Roman numerals, lower case; nothing for 0. Without a sign for more than 1000, m repeats.
    static func roman(_ value: Double) -> String {
        var rest = min(value, 10_000_000)
        var text = ""
        for (unit, letters) in roman {
            while rest >= unit {
                text += letters
                rest -= unit
            }
        }
        return text
    }

    /// What Roman numerals in capitals stand for; NaN if one is not.
    static func value(ofRoman text: String) -> Double {
        let units: [Character: Double] = ["M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1]
        var sum = 0.0
        var highest = 1.0
        for letter in text.reversed() {
            guard let unit = units[letter] else { return .nan }
            if unit < highest {
                sum -= unit
            } else {
                highest = unit
                sum += unit
            }
        }
        return sum
    }

    /// `value` as a column name (1 is a, 27 is aa), lower case; nothing for 0.
    static func column(_ value: Double) -> String {
        var rest = value
        var letters: [UInt8] = []
        while rest > 0 {
            letters.append(0x61 + UInt8((rest - 1).truncatingRemainder(dividingBy: 26)))
            rest = ((rest - 1) / 26).rounded(.down)
        }
        return String(decoding: letters.reversed(), as: UTF8.self)
    }

    /// The number of a column name. As in the reference, `first` is the letter that counts for one, and any other
    /// character for its distance from it.
    static func value(ofColumn text: String, from first: Unicode.Scalar) -> Double {
        var sum = 0.0
        // In the reference's order: sums above 2^53 depend on it.
        for (place, unit) in text.utf16.reversed().enumerated() {
            sum += (Double(unit) - Double(first.value) + 1) * Exponent.power(26, Double(place))
        }
        return sum
    }
}
