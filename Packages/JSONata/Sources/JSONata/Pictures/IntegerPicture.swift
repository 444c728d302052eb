/// A compiled picture of `$formatInteger` and `$parseInteger` (XPath Functions 3.1 §4.6).
struct IntegerPicture: Sendable {
    enum Style: Sendable, Equatable {
        case decimal
        case letters
        case roman
        case words
        /// Something else: an error when used.
        case sequence
    }

    enum Capitals: Sendable {
        case lower, upper, title
    }

    struct Separator: Sendable, Equatable {
        /// How many digits stand to its right.
        var position: Int
        var scalar: Unicode.Scalar
    }

    var style = Style.decimal
    var capitals = Capitals.lower
    var ordinal = false
    /// The zero of the digits' family.
    var zero: UInt32 = 0x30
    var mandatoryDigits = 0
    var optionalDigits = 0
    /// Separators at every multiple of a distance, or each where it is.
    var regular: Separator?
    var separators: [Separator] = []
    let text: String

    /// - Throws: `D3131` where digits of several families are mixed.
    init(_ picture: String) throws(JSONataError) {
        text = picture
        let scalars = Array(picture.unicodeScalars)
        let modifier = scalars.lastIndex(of: ";")
        let primary = Array(scalars[..<(modifier ?? scalars.count)])
        if let modifier, modifier + 1 < scalars.count { ordinal = scalars[modifier + 1] == "o" }
        switch String(String.UnicodeScalarView(primary)) {
        case "A": (style, capitals) = (.letters, .upper)
        case "a": style = .letters
        case "I": (style, capitals) = (.roman, .upper)
        case "i": style = .roman
        case "W": (style, capitals) = (.words, .upper)
        case "Ww": (style, capitals) = (.words, .title)
        case "w": style = .words
        default: try analyse(primary)
        }
    }

    private mutating func analyse(_ primary: [Unicode.Scalar]) throws(JSONataError) {
        var family: UInt32?
        var position = 0
        var found: [Separator] = []
        for scalar in primary.reversed() {
            if let zero = DigitFamily.zero(of: scalar) {
                if let family, family != zero {
                    throw JSONataError("D3131", "A decimal digit pattern must use digits of one family only")
                }
                family = zero
                mandatoryDigits += 1
                position += 1
            } else if scalar == "#" {
                optionalDigits += 1
                position += 1
            } else {
                found.append(Separator(position: position, scalar: scalar))
            }
        }
        guard let family else {
            style = .sequence
            return
        }
        zero = family
        let step = found.allSatisfy { $0.scalar == found[0].scalar } ? Grouping.regular(found.map(\.position)) : 0
        if step > 0 {
            regular = Separator(position: step, scalar: found[0].scalar)
        } else {
            separators = found
        }
    }

    var unsupported: JSONataError {
        JSONataError("D3130", "Formatting or parsing an integer as a sequence starting with '\(text)' is not supported")
    }
}

/// Unicode's decimal digits.
enum DigitFamily {
    private static let zeros: [UInt32] = [
        0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
        0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
        0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    ]

    /// The zero of the family that `scalar` is a digit of.
    static func zero(of scalar: Unicode.Scalar) -> UInt32? {
        zeros.first { scalar.value >= $0 && scalar.value <= $0 + 9 }
    }
}
