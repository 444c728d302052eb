/// A compiled picture of `$formatNumber` (XPath Functions 3.1 §4.7), read as the reference reads it: by UTF-16 units.
struct NumberPicture: Sendable {
    /// One sub-picture, analysed (§4.7.4).
    struct Part: Sendable {
        var prefix: Units = []
        var suffix: Units = []
        var integerGroups: [Int] = []
        var regularGroup = 0
        var fractionGroups: [Int] = []
        var leastInteger = 0
        var scaling = 0
        var leastFraction = 0
        var mostFraction = 0
        var leastExponent = 0
        var hasPoint = false
        /// 1, 100 for per cent, 1000 for per mille.
        var factor = 1.0
    }

    let symbols: NumberSymbols
    let positive: Part
    let negative: Part

    /// - Throws: `D3080` to `D3093` for a picture that breaks a rule.
    init(_ picture: String, symbols: NumberSymbols = NumberSymbols()) throws(JSONataError) {
        let parts = Units(picture.utf16).split(by: symbols.patternSeparator)
        guard parts.count <= 2 else {
            throw Self.fault("D3080", "has more than one pattern separator")
        }
        self.symbols = symbols
        let cuts = parts.map { Cut($0, symbols) }
        for cut in cuts { if let fault = cut.fault(symbols) { throw fault } }
        positive = cuts[0].analysed(symbols)
        if cuts.count == 2 {
            negative = cuts[1].analysed(symbols)
        } else {
            var part = positive
            part.prefix = symbols.minusSign + part.prefix
            negative = part
        }
    }

    static func fault(_ code: String, _ reason: String) -> JSONataError {
        JSONataError(code, "The picture string of $formatNumber \(reason)")
    }
}

/// The characters a picture is written with, changed by the options of `$formatNumber` (XPath Functions 3.1 §4.7.1).
///
/// Options may be longer or shorter than a character: those that direct the picture are then found nowhere in it.
struct NumberSymbols: Sendable, Hashable {
    var decimalSeparator = Units(".".utf16)
    var groupingSeparator = Units(",".utf16)
    var exponentSeparator = Units("e".utf16)
    var percent = Units("%".utf16)
    var perMille = Units("\u{2030}".utf16)
    var zeroDigit = Units("0".utf16)
    var digit = Units("#".utf16)
    var patternSeparator = Units(";".utf16)
    var minusSign = Units("-".utf16)
    var infinity = Units("Infinity".utf16)
    var notANumber = Units("NaN".utf16)

    init() {}

    /// Sets the option of this name; names nobody knows are ignored.
    mutating func set(_ name: String, to text: String) {
        let units = Units(text.utf16)
        switch name {
        case "decimal-separator": decimalSeparator = units
        case "grouping-separator": groupingSeparator = units
        case "exponent-separator": exponentSeparator = units
        case "percent": percent = units
        case "per-mille": perMille = units
        case "zero-digit": zeroDigit = units.isEmpty ? zeroDigit : units
        case "digit": digit = units
        case "pattern-separator": patternSeparator = units
        case "minus-sign": minusSign = units
        case "infinity": infinity = units
        case "NaN": notANumber = units
        default: break
        }
    }

    func isDecimalDigit(_ unit: UInt16) -> Bool { unit &- zeroDigit[0] < 10 }

    /// Whether a unit stands for a digit, mandatory or optional.
    func isDigit(_ unit: UInt16) -> Bool { isDecimalDigit(unit) || digit == [unit] }

    /// Whether a unit directs the formatting rather than being copied.
    func isActive(_ unit: UInt16) -> Bool {
        isDigit(unit) || decimalSeparator == [unit] || groupingSeparator == [unit] || exponentSeparator == [unit]
            || patternSeparator == [unit]
    }
}
