/// A compiled picture of `$formatNumber` (XPath Functions 3.1 §4.7).
struct NumberPicture: Sendable {
    /// One sub-picture, analysed (§4.7.4).
    struct Part: Sendable {
        var prefix: [Unicode.Scalar] = []
        var suffix: [Unicode.Scalar] = []
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
        let parts = Array(picture.unicodeScalars).split(
            separator: symbols.patternSeparator, maxSplits: .max, omittingEmptySubsequences: false
        )
        guard parts.count <= 2 else {
            throw Self.fault("D3080", "has more than one pattern separator")
        }
        self.symbols = symbols
        positive = try Self.analysed(Array(parts[0]), symbols)
        if parts.count == 2 {
            negative = try Self.analysed(Array(parts[1]), symbols)
        } else {
            var part = positive
            part.prefix = Array(symbols.minusSign.unicodeScalars) + part.prefix
            negative = part
        }
    }

    static func fault(_ code: String, _ reason: String) -> JSONataError {
        JSONataError(code, "The picture string of $formatNumber \(reason)")
    }
}

/// The characters a picture is written with, changed by the options of `$formatNumber` (XPath Functions 3.1 §4.7.1).
struct NumberSymbols: Sendable, Hashable {
    var decimalSeparator: Unicode.Scalar = "."
    var groupingSeparator: Unicode.Scalar = ","
    var exponentSeparator: Unicode.Scalar = "e"
    var percent = "%"
    var perMille = "\u{2030}"
    var zeroDigit: Unicode.Scalar = "0"
    var digit: Unicode.Scalar = "#"
    var patternSeparator: Unicode.Scalar = ";"
    var minusSign = "-"
    var infinity = "Infinity"
    var notANumber = "NaN"

    init() {}

    /// Sets the option of this name; names nobody knows are ignored.
    mutating func set(_ name: String, to text: String) {
        let first = text.unicodeScalars.first
        switch name {
        case "decimal-separator": decimalSeparator = first ?? decimalSeparator
        case "grouping-separator": groupingSeparator = first ?? groupingSeparator
        case "exponent-separator": exponentSeparator = first ?? exponentSeparator
        case "percent": percent = text
        case "per-mille": perMille = text
        case "zero-digit": zeroDigit = first ?? zeroDigit
        case "digit": digit = first ?? digit
        case "pattern-separator": patternSeparator = first ?? patternSeparator
        case "minus-sign": minusSign = text
        case "infinity": infinity = text
        case "NaN": notANumber = text
        default: break
        }
    }

    func isDecimalDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= zeroDigit.value && scalar.value <= zeroDigit.value + 9
    }

    /// Whether a character directs the formatting rather than being copied.
    func isActive(_ scalar: Unicode.Scalar) -> Bool {
        isDecimalDigit(scalar) || scalar == decimalSeparator || scalar == groupingSeparator
            || scalar == exponentSeparator || scalar == digit || scalar == patternSeparator
    }
}
