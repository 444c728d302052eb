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

    /// What Roman numerals of either case stand for; NaN if one is not.
    static func value(ofRoman text: String) -> Double {
        let units: [Character: Double] = ["m": 1000, "d": 500, "c": 100, "l": 50, "x": 10, "v": 5, "i": 1]
        var sum = 0.0
        var highest = 1.0
        for letter in text.lowercased().reversed() {
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

    /// The number of a column name of either case; NaN if it is none.
    static func value(ofColumn text: String) -> Double {
        var value = 0.0
        for letter in text.lowercased().utf8 {
            guard letter >= 0x61, letter <= 0x7A else { return .nan }
            value = value * 26 + Double(letter - 0x60)
        }
        return value
    }
}
