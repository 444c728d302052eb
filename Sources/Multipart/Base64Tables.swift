/// Look-up tables of RFC 4648 §4 and §5.
enum Base64Tables {
    static let standard = alphabet("+/")
    static let urlSafe = alphabet("-_")

    private static func alphabet(_ last: StaticString) -> [UInt8] {
        Array(UInt8(ascii: "A")...UInt8(ascii: "Z")) + Array(UInt8(ascii: "a")...UInt8(ascii: "z"))
            + Array(UInt8(ascii: "0")...UInt8(ascii: "9")) + last.withUTF8Buffer { Array($0) }
    }

    /// Two characters for each 12 bits, laid out as they stand in memory.
    static let standardPairs = pairs(standard)
    static let urlSafePairs = pairs(urlSafe)

    private static func pairs(_ alphabet: [UInt8]) -> [UInt16] {
        (0..<4096).map { UInt16(alphabet[$0 >> 6]) << 8 | UInt16(alphabet[$0 & 63]) }.map(\.bigEndian)
    }

    /// Marks what is no character of the alphabet; above any 24 bits that four characters can make.
    static let invalid: UInt32 = 0xFF00_0000

    /// Four tables of 256 in a row: a character's six bits, shifted to where its place in a group of four puts them.
    static let standardBits = bits(standard)
    static let urlSafeBits = bits(urlSafe)
    /// Only what both alphabets have.
    static let commonBits = bits(Array(standard.prefix(62)))

    private static func bits(_ alphabet: [UInt8]) -> [UInt32] {
        var table = [UInt32](repeating: invalid, count: 1024)
        for (value, character) in alphabet.enumerated() {
            for place in 0..<4 {
                table[place * 256 + Int(character)] = UInt32(value) << UInt32(6 * (3 - place))
            }
        }
        return table
    }
}
