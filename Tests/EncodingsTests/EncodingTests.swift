import Encodings
import Foundation
import Testing

struct EncodingTests {
    @Test(arguments: 0..<70) func `base64 agrees with Foundation at every length`(length: Int) {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ length) }
        let standard = Data(bytes).base64EncodedString()
        let urlSafe = standard.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
        #expect(Base64.text(bytes) == standard)
        #expect(Base64URL.text(bytes) == urlSafe)
        #expect(Base64URL.bytes(urlSafe) == bytes)
        #expect(Base64URL.bytes(standard) == bytes)
        #expect(Hex.bytes(Hex.text(bytes)) == bytes)
    }

    @Test(arguments: ["A", "AAAAA", "A B=", "Zh", "Zm9=", "é===", "A=AA"])
    func `what is no base64 is refused`(text: String) { #expect(Base64URL.bytes(text) == nil) }

    @Test(arguments: [("", []), ("00", [0]), ("fFaA09", [0xFF, 0xAA, 0x09])] as [(String, [UInt8])])
    func `hexadecimal is read in both cases and written in lower case`(text: String, bytes: [UInt8]) {
        #expect(Hex.bytes(text) == bytes)
        #expect(Hex.text(bytes) == text.lowercased())
    }

    @Test(arguments: ["0", "0g", "a b", "é0", "+5", "-1"])
    func `what is no hexadecimal is refused`(text: String) { #expect(Hex.bytes(text) == nil) }

    @Test(arguments: [("a b&c=d/ä", "a%20b%26c%3Dd%2F%C3%A4"), ("-._~", "-._~"), ("+%", "%2B%25"), ("\0\u{7F}", "%00%7F"), ("", "")])
    func `all but unreserved characters are percent-encoded`(text: String, encoded: String) {
        #expect(PercentEncoding.encoded(text) == encoded)
        #expect(PercentEncoding.decoded(encoded) == text)
        #expect(PercentEncoding.decoded(encoded.lowercased()) == text.lowercased())
        #expect(PercentEncoding.decodedLeniently(encoded, plusIsSpace: true) == text)
    }

    @Test func `characters that are named stay as they are`() {
        #expect(PercentEncoding.encoded("a/b c+d", keeping: "/+") == "a/b%20c+d")
        #expect(PercentEncoding.encoded("ä b") { $0 < 0x80 } == "%C3%A4 b")
    }

    /// A text, what the strict reader makes of it, and what the lenient one does without and with `+` for a space.
    @Test(
        arguments: [
            ("a+b", "a+b", "a+b", "a b"), ("%", nil, "%", "%"), ("a%4", nil, "a%4", "a%4"), ("%zz", nil, "%zz", "%zz"),
            ("%+5", nil, "%+5", "% 5"), ("%-1", nil, "%-1", "%-1"), ("%FF", nil, "\u{FFFD}", "\u{FFFD}"),
            ("%25%32%46", "%2F", "%2F", "%2F"), ("%41%", nil, "A%", "A%"), ("é%20", "é ", "é ", "é "),
        ] as [(String, String?, String, String)])
    func `a damaged escape is refused by the strict reader and kept by the lenient one`(
        text: String, strict: String?, lenient: String, form: String
    ) {
        #expect(PercentEncoding.decoded(text) == strict)
        #expect(PercentEncoding.decodedLeniently(text, plusIsSpace: false) == lenient)
        #expect(PercentEncoding.decodedLeniently(text, plusIsSpace: true) == form)
    }

    @Test(
        arguments: [
            ("a=1+2&b&c=%5Bx%5D&d=%zz", ["a=1 2", "b=", "c=[x]", "d=%zz"]), ("a=b=c&a=2", ["a=b=c", "a=2"]), ("&&", []), ("=1", ["=1"]),
        ] as [(String, [String])])
    func `a form is read pair by pair`(text: String, pairs: [String]) {
        #expect(URLEncodedForm.pairs(text).map { "\($0.name)=\($0.value)" } == pairs)
    }

    @Test func `a form is written with spaces that every reader takes for spaces`() {
        let pairs = [(name: "a b", value: "c+d&e=f"), (name: "", value: "ü")]
        let text = URLEncodedForm.text(pairs)
        #expect(text == "a%20b=c%2Bd%26e%3Df&=%C3%BC")
        #expect(URLEncodedForm.pairs(text).elementsEqual(pairs) { $0 == $1 })
    }
}
