/// The bytes this module looks for.
enum ASCII {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote = UInt8(ascii: "\"")
    static let percent = UInt8(ascii: "%")
    static let comma = UInt8(ascii: ",")
    static let dash = UInt8(ascii: "-")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let equals = UInt8(ascii: "=")
    static let backslash = UInt8(ascii: "\\")
}

extension UInt8 {
    /// SP or HTAB: optional white space of HTTP (RFC 9110 §5.6.3) and padding of MIME.
    var isBlank: Bool { self == ASCII.space || self == ASCII.tab }

    /// White space of JSON (RFC 8259 §2), and what base64 text may be folded with.
    var isWhiteSpace: Bool { isBlank || self == ASCII.lineFeed || self == ASCII.carriageReturn }

    var isAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// A `tchar` of RFC 9110 §5.6.2.
    var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: isAlphanumeric
        }
    }
}

extension Collection<UInt8> {
    /// The bytes as text with ASCII letters in lower case: for names that are tokens.
    var lowercasedToken: String {
        String(unsafeUninitializedCapacity: count) { text in
            var at = 0
            for byte in self {
                text.initializeElement(at: at, to: (0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
                at += 1
            }
            return at
        }
    }

    /// The bytes as UTF-8 text or, where they are not that, as ISO 8859-1: a name from an old client loses nothing.
    var headerText: String {
        if allSatisfy({ $0 < 0x80 }) { return String(decoding: self, as: UTF8.self) }
        if let text = String(validating: self, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(map { Unicode.Scalar($0) }))
    }
}

extension BidirectionalCollection<UInt8> where SubSequence: BidirectionalCollection<UInt8> {
    /// Without white space at either end.
    var trimmed: SubSequence {
        guard let first = firstIndex(where: { !$0.isWhiteSpace }), let last = lastIndex(where: { !$0.isWhiteSpace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
